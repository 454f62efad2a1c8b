import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { AccessControlModule } from './access-control/access-control.module.js';
import { ResourcesModule } from './access-control/resources.module.js';
import { AdminSettingsModule } from './admin-settings/admin-settings.module.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { ConsumptionModule } from './analytics/consumption.module.js';
import { ApiKeysModule } from './api-keys/api-keys.module.js';
import { ApiKeysAdminModule } from './api-keys/api-keys-admin.module.js';
import { ApisModule } from './apis/apis.module.js';
import { ExternalStoresModule } from './apis/external-stores/external-stores.module.js';
import { LinterModule } from './apis/linter/linter.module.js';
import { MocksModule } from './apis/mocks/mocks.module.js';
import { ProductsModule } from './apis/products/products.module.js';
import { SecurityAuditModule } from './apis/security-audit/security-audit.module.js';
import { TryOutModule } from './apis/try-out/try-out.module.js';
import { WsdlModule } from './apis/wsdl/wsdl.module.js';
import { ApplicationsModule } from './applications/applications.module.js';
import { ApplicationArchivesModule } from './applications/archives/application-archives.module.js';
import { AuditModule } from './audit/audit.module.js';
import { CategoriesModule } from './categories/categories.module.js';
import { CorrelationModule } from './devops/correlation/correlation.module.js';
import { DevopsModule } from './devops/devops.module.js';
import { EnvironmentsModule } from './environments/environments.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { HealthModule } from './health/health.module.js';
import { ConsumerOrganizationsModule } from './identity/consumer-organizations/consumer-organizations.module.js';
import { IdentityModule } from './identity/identity.module.js';
import { PasswordChangeModule } from './identity/password-change/password-change.module.js';
import { KeysModule } from './keys/keys.module.js';
import { LabelsModule } from './labels/labels.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import type { Config } from './platform/config/config.js';
import { ConfigModule } from './platform/config/config.module.js';
import type { ModuleName, Profile } from './platform/config/profiles.js';
import { CryptoModule } from './platform/crypto/crypto.module.js';
import type { KeyRing } from './platform/crypto/key-ring.js';
import { DatabaseModule } from './platform/database/database.module.js';
import type { DatabaseAddress } from './platform/database/database-address.js';
import { EventsModule } from './platform/events/events.module.js';
import { FeedModule } from './platform/feed/feed.module.js';
import { LoggingModule } from './platform/logging/logging.module.js';
import { MetricsModule } from './platform/metrics/metrics.module.js';
import { OutboundModule } from './platform/outbound/outbound.module.js';
import { TenancyModule } from './platform/tenancy/tenancy.module.js';
import { TlsModule } from './platform/tls/tls.module.js';
import { TracingModule } from './platform/tracing/tracing.module.js';
import { RuntimeDataModule } from './runtime-data/runtime-data.module.js';
import { ServiceCatalogModule } from './service-catalog/service-catalog.module.js';
import { SubscriptionsModule } from './subscriptions/subscriptions.module.js';
import { ThemesModule } from './themes/themes.module.js';
import { ThrottlingModule } from './throttling/throttling.module.js';
import { WebhooksModule } from './webhooks/webhooks.module.js';
import { WorkflowInboxModule } from './workflows/inbox/workflow-inbox.module.js';

const PLATFORM = [
  LoggingModule,
  EventsModule,
  CryptoModule,
  FeedModule,
  OutboundModule,
  TenancyModule,
  TlsModule,
  MetricsModule,
  TracingModule,
];
const CONTROL_PLANE = [
  IdentityModule,
  KeysModule,
  AuthModule,
  ThrottlingModule,
  EnvironmentsModule,
  CategoriesModule,
  LabelsModule,
  ConsumerOrganizationsModule,
  CorrelationModule,
];

/** Which Nest modules a profile's module names stand for. */
const MODULES: Readonly<Record<ModuleName, readonly Type[]>> = {
  identity: [IdentityModule, AuthModule],
  'key-manager': [IdentityModule, AuthModule, KeysModule, CorrelationModule],
  admin: [
    ...[...CONTROL_PLANE, AdminSettingsModule, ApiKeysAdminModule, AlertsModule, ThemesModule, DevopsModule],
    ...[ResourcesModule, AuditModule, WorkflowInboxModule, NotificationsModule, ConsumptionModule],
  ],
  publisher: [
    ...CONTROL_PLANE,
    ...[ApisModule, ProductsModule, MocksModule, LinterModule, SecurityAuditModule, ExternalStoresModule],
    ...[WsdlModule, WorkflowInboxModule, NotificationsModule, ServiceCatalogModule, RuntimeDataModule],
  ],
  // Archives before applications: their literal paths would be taken for an id.
  devportal: [
    ...[...CONTROL_PLANE, ApisModule, WsdlModule, ApplicationArchivesModule, ApplicationsModule, SubscriptionsModule, WebhooksModule],
    ...[ApiKeysModule, PasswordChangeModule, TryOutModule],
  ],
  analytics: [],
  gateway: [GatewayModule],
};

export interface AppParts {
  readonly config: Config;
  readonly profile: Profile;
  readonly encryptionKey: string;
  readonly keys?: KeyRing | undefined;
  readonly address: DatabaseAddress;
  /** Opens the connection pool over the entities of all modules. */
  readonly connect: (entities: readonly Type[]) => Promise<DataSource>;
}

@Module({})
export class AppModule {
  static of({ config, profile, encryptionKey, keys, address, connect }: AppParts): DynamicModule {
    const features = new Set([...profile.modules].flatMap((name) => MODULES[name]));
    const hasControlPlane = [...features].some((feature) => feature !== GatewayModule);
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config, profile, encryptionKey, address, keys),
        ...(hasControlPlane ? [DatabaseModule.of(connect)] : []),
        ...PLATFORM,
        ...features,
        HealthModule,
        AccessControlModule,
      ],
    };
  }
}
