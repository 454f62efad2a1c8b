import { type DynamicModule, Module } from '@nestjs/common';
import type { KeyRing } from '../crypto/key-ring.js';
import { DatabaseAddress } from '../database/database-address.js';
import { Config } from './config.js';
import { Installation } from './installation.js';
import type { Profile } from './profiles.js';
import { ResourceAccessControlConfig, ResourceConfig } from './sections/access-control.config.js';
import { HttpAccessLogConfig } from './sections/access-log.config.js';
import { ApimConfig } from './sections/apim.config.js';
import { ApimJwtConfig } from './sections/apim-jwt.config.js';
import { AuditConfig } from './sections/audit.config.js';
import { CryptoConfig } from './sections/crypto.config.js';
import { DatabaseConfig } from './sections/database.config.js';
import { GatewayThrottlingConfig } from './sections/distributed-throttling.config.js';
import { GatewayConfig } from './sections/gateway.config.js';
import { IdentityMgtConfig } from './sections/identity-mgt.config.js';
import { KeystoreConfig } from './sections/keystore.config.js';
import { LogConfig } from './sections/log.config.js';
import { MutualSslConfig } from './sections/mutual-ssl.config.js';
import { ApimOauthConfig, OauthConfig } from './sections/oauth.config.js';
import { OpenTelemetryConfig } from './sections/open-telemetry.config.js';
import { OutsideSignInConfig } from './sections/outside-sign-in.config.js';
import { SecurityAuditConfig } from './sections/security-audit.config.js';
import { EncryptionConfig, ServerConfig, SuperAdminConfig } from './sections/server.config.js';
import { TransportConfig } from './sections/transport.config.js';
import { WorkflowsConfig } from './sections/workflows.config.js';

/** Makes every section injectable as its own class. */
@Module({})
export class ConfigModule {
  static of(config: Config, profile: Profile, encryptionKey: string, address: DatabaseAddress, keys?: KeyRing): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: ServerConfig, useValue: config.server },
      { provide: SuperAdminConfig, useValue: config.superAdmin },
      { provide: DatabaseConfig, useValue: config.database },
      { provide: EncryptionConfig, useValue: config.encryption },
      { provide: CryptoConfig, useValue: config.crypto },
      { provide: KeystoreConfig, useValue: config.keystore },
      { provide: TransportConfig, useValue: config.transport },
      { provide: GatewayConfig, useValue: config.gateway },
      { provide: OauthConfig, useValue: config.oauth },
      { provide: OutsideSignInConfig, useValue: config.outsideSignIn },
      { provide: ApimOauthConfig, useValue: config.apim.oauthConfig },
      { provide: ApimJwtConfig, useValue: config.apim.jwt },
      { provide: ApimConfig, useValue: config.apim },
      { provide: GatewayThrottlingConfig, useValue: config.throttling },
      { provide: MutualSslConfig, useValue: config.apimgt.mutualSsl },
      { provide: WorkflowsConfig, useValue: config.workflows },
      { provide: SecurityAuditConfig, useValue: config.securityAudit },
      { provide: ResourceConfig, useValue: config.resource },
      { provide: ResourceAccessControlConfig, useValue: config.resourceAccessControl },
      { provide: IdentityMgtConfig, useValue: config.identityMgt },
      { provide: HttpAccessLogConfig, useValue: config.httpAccessLog },
      { provide: OpenTelemetryConfig, useValue: config.apim.openTelemetry },
      { provide: AuditConfig, useValue: config.audit },
      { provide: LogConfig, useValue: config.log },
      { provide: DatabaseAddress, useValue: address },
      { provide: Installation, useValue: new Installation(config, profile, encryptionKey, keys) },
    ];
    return { module: ConfigModule, global: true, providers, exports: providers.map(({ provide }) => provide) };
  }
}
