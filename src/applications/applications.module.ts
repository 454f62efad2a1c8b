import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApisModule } from '../apis/apis.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { ConsumerOrganizationsModule } from '../identity/consumer-organizations/consumer-organizations.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { AdministeredApplications } from './administration/administered-applications.queries.js';
import { ApplicationAdministration } from './administration/application-administration.service.js';
import { ApplicationsAdminController } from './administration/applications.admin.controller.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationApprovals } from './application-approvals.js';
import { ApplicationAttributes } from './application-attributes.js';
import { ApplicationChecks } from './application-checks.js';
import { ApplicationDetails } from './application-details.js';
import { ApplicationKeyManagerUse } from './application-key-manager-use.js';
import { ApplicationOutsiders } from './application-outsiders.js';
import { ApplicationPolicyUse } from './application-policy-use.js';
import { ApplicationReads } from './application-reads.js';
import { ApplicationRequestsGatehouseController } from './application-requests.gatehouse.controller.js';
import { ApplicationSharing } from './application-sharing.js';
import { ApplicationWrites } from './application-writes.js';
import { ApplicationsDevportalController } from './applications.devportal.controller.js';
import { ApplicationsQueries } from './applications.queries.js';
import { ApplicationsService } from './applications.service.js';
import { ApplicationKeyEntity } from './keys/application-key.entity.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';
import { ApplicationTokensDevportalController } from './keys/application-tokens.devportal.controller.js';
import { ApplicationTokensService } from './keys/application-tokens.service.js';
import { ClientRemovals } from './keys/client-removals.js';
import { ClientSecretsDevportalController } from './keys/client-secrets.devportal.controller.js';
import { ClientSecretsService } from './keys/client-secrets.service.js';
import { ForeignKeys } from './keys/foreign-keys.js';
import { KeyManagerConnections } from './keys/key-manager-connections.js';
import { KeyMappings } from './keys/key-mappings.js';
import { KeysByTypeDevportalController } from './keys/keys-by-type.devportal.controller.js';
import { OAuthKeysDevportalController } from './keys/oauth-keys.devportal.controller.js';
import { OutsideKeys } from './keys/outside-keys.js';
import { RegistrationApprovals } from './keys/registration-approvals.js';
import { RegistrationRequests } from './keys/registration-requests.js';
import { ResidentKeys } from './keys/resident-keys.js';
import { RestoredKeys } from './keys/restored-keys.js';
import { UsableKeyManagers } from './keys/usable-key-managers.js';
import { QuotaResetsService } from './quota-resets.service.js';
import { DevportalSettings } from './settings/devportal-settings.js';
import { MeDevportalController } from './settings/me.devportal.controller.js';
import { SettingsDevportalController } from './settings/settings.devportal.controller.js';
import { TenantsDevportalController } from './settings/tenants.devportal.controller.js';
import { SubscribedScopes } from './subscribed-scopes.js';
import { Subscribers } from './subscribers.js';

/** Applications, their keys, and the developer portal's settings. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApplicationEntity, ApplicationKeyEntity]),
    ApisModule,
    EnvironmentsModule,
    IdentityModule,
    ConsumerOrganizationsModule,
    KeysModule,
    SubscriptionRowsModule,
    ThrottlingModule,
    WorkflowsModule,
  ],
  controllers: [
    ApplicationsDevportalController,
    ApplicationRequestsGatehouseController,
    OAuthKeysDevportalController,
    ApplicationTokensDevportalController,
    ClientSecretsDevportalController,
    KeysByTypeDevportalController,
    SettingsDevportalController,
    TenantsDevportalController,
    MeDevportalController,
    ApplicationsAdminController,
  ],
  providers: [
    ApplicationsService,
    ApplicationsQueries,
    ApplicationReads,
    ApplicationSharing,
    ApplicationAttributes,
    ApplicationChecks,
    ApplicationWrites,
    ApplicationApprovals,
    ApplicationDetails,
    ApplicationAdministration,
    AdministeredApplications,
    ApplicationPolicyUse,
    ApplicationOutsiders,
    QuotaResetsService,
    ApplicationKeyManagerUse,
    Subscribers,
    ApplicationKeysService,
    ApplicationTokensService,
    ClientSecretsService,
    UsableKeyManagers,
    KeyMappings,
    ForeignKeys,
    KeyManagerConnections,
    ClientRemovals,
    ResidentKeys,
    OutsideKeys,
    RegistrationRequests,
    RegistrationApprovals,
    RestoredKeys,
    SubscribedScopes,
    DevportalSettings,
  ],
  exports: [
    ApplicationsService,
    ApplicationReads,
    ApplicationChecks,
    ApplicationSharing,
    ApplicationKeysService,
    RestoredKeys,
    Subscribers,
  ],
})
export class ApplicationsModule {}
