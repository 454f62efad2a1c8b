import { ResourceAccessControlConfig, ResourceConfig } from './sections/access-control.config.js';
import { HttpAccessLogConfig } from './sections/access-log.config.js';
import { ApimConfig } from './sections/apim.config.js';
import { AuditConfig } from './sections/audit.config.js';
import { CryptoConfig } from './sections/crypto.config.js';
import { DatabaseConfig } from './sections/database.config.js';
import { GatewayThrottlingConfig } from './sections/distributed-throttling.config.js';
import { GatewayConfig } from './sections/gateway.config.js';
import { IdentityMgtConfig } from './sections/identity-mgt.config.js';
import { KeystoreConfig } from './sections/keystore.config.js';
import { LogConfig } from './sections/log.config.js';
import { ApimgtConfig } from './sections/mutual-ssl.config.js';
import { OauthConfig } from './sections/oauth.config.js';
import { OutsideSignInConfig } from './sections/outside-sign-in.config.js';
import { SecurityAuditConfig } from './sections/security-audit.config.js';
import { EncryptionConfig, ServerConfig, SuperAdminConfig } from './sections/server.config.js';
import { TransportConfig } from './sections/transport.config.js';
import { WorkflowsConfig } from './sections/workflows.config.js';
import { Section } from './setting.js';

/** Everything that can be configured. Read once, validated, frozen; the documentation is made from these classes. */
export class Config {
  @Section(ServerConfig)
  readonly server = new ServerConfig();

  @Section(SuperAdminConfig)
  readonly superAdmin = new SuperAdminConfig();

  @Section(DatabaseConfig)
  readonly database = new DatabaseConfig();

  @Section(EncryptionConfig)
  readonly encryption = new EncryptionConfig();

  @Section(CryptoConfig)
  readonly crypto = new CryptoConfig();

  @Section(KeystoreConfig)
  readonly keystore = new KeystoreConfig();

  @Section(TransportConfig)
  readonly transport = new TransportConfig();

  @Section(GatewayConfig)
  readonly gateway = new GatewayConfig();

  @Section(OauthConfig)
  readonly oauth = new OauthConfig();

  @Section(OutsideSignInConfig, 'Sign-in through identity providers outside of this server.')
  readonly outsideSignIn = new OutsideSignInConfig();

  @Section(ApimConfig)
  readonly apim = new ApimConfig();

  @Section(ApimgtConfig)
  readonly apimgt = new ApimgtConfig();

  @Section(GatewayThrottlingConfig)
  readonly throttling = new GatewayThrottlingConfig();

  @Section(WorkflowsConfig, 'What needs an approval in tenants whose own configuration does not say; see docs/workflows.md.')
  readonly workflows = new WorkflowsConfig();

  @Section(SecurityAuditConfig, 'Security audits of API definitions by a service.')
  readonly securityAudit = new SecurityAuditConfig();

  @Section(ResourceConfig)
  readonly resource = new ResourceConfig();

  @Section(ResourceAccessControlConfig)
  readonly resourceAccessControl = new ResourceAccessControlConfig();

  @Section(IdentityMgtConfig)
  readonly identityMgt = new IdentityMgtConfig();

  @Section(HttpAccessLogConfig, 'Access log of the management port; the gateway’s is `[gateway.access_log]`.')
  readonly httpAccessLog = new HttpAccessLogConfig();

  @Section(AuditConfig, 'The record of every change; see docs/audit.md. Logins are in the log, `[log.audit]`.')
  readonly audit = new AuditConfig();

  @Section(LogConfig)
  readonly log = new LogConfig();
}
