import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CategoriesModule } from '../categories/categories.module.js';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { WorkModule } from '../platform/worker-pool/work.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { TenantDirectoryModule } from '../tenant-directory/tenant-directory.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { ApiEntity } from './api.entity.js';
import { ApiCategoryUse } from './api-category-use.js';
import { ApiChecks } from './api-checks.js';
import { ApiDefinitionEntity } from './api-definition.entity.js';
import { ApiDefinitionsPublisherController } from './api-definitions.publisher.controller.js';
import { ApiImports } from './api-imports.service.js';
import { ApiKeyManagerUse } from './api-key-manager-use.js';
import { ApiReads } from './api-reads.js';
import { ApiUses } from './api-uses.js';
import { ApiWriter } from './api-writer.js';
import { ApisPublisherController } from './apis.publisher.controller.js';
import { ApisQueries } from './apis.queries.js';
import { ApisService } from './apis.service.js';
import { ApiArchivePartsModule } from './archives/api-archive-parts.module.js';
import { ApiArchivesPublisherController } from './archives/api-archives.publisher.controller.js';
import { ApiProjects } from './archives/api-projects.js';
import { ArchiveDeployments } from './archives/archive-deployments.js';
import { ArchiveExports } from './archives/archive-exports.service.js';
import { ArchiveImports } from './archives/archive-imports.service.js';
import { ImportSteps } from './archives/import-steps.js';
import { CertificatesModule } from './certificates/certificates.module.js';
import { CommentsModule } from './comments/comments.module.js';
import { DefinitionsModule } from './definitions/definitions.module.js';
import { DesignAssistantModule } from './design-assistant/design-assistant.module.js';
import { DocumentsModule } from './documents/documents.module.js';
import { ApiEndpointsModule } from './endpoints/api-endpoints.module.js';
import { EndpointProbe } from './endpoints/endpoint-probe.js';
import { EndpointsPublisherController } from './endpoints/endpoints.publisher.controller.js';
import { EnvironmentKeysModule } from './environment-keys/environment-keys.module.js';
import { GatewayPoliciesModule } from './gateway-policies/gateway-policies.module.js';
import { InternalKeysModule } from './internal-keys/internal-keys.module.js';
import { ApiLabelsModule } from './labels/api-labels.module.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { McpUsagePublisherController } from './mcp-usage/mcp-usage.publisher.controller.js';
import { MonetizationModule } from './monetization/monetization.module.js';
import { AttachedPoliciesModule } from './policies/attached-policies.module.js';
import { PoliciesModule } from './policies/policies.module.js';
import { PortalApisModule } from './portal/portal-apis.module.js';
import { ProvidersModule } from './providers/providers.module.js';
import { RatingsModule } from './ratings/ratings.module.js';
import { ResourcePoliciesModule } from './resource-policies/resource-policies.module.js';
import { RevisionEntity } from './revisions/revision.entity.js';
import { RevisionsModule } from './revisions/revisions.module.js';
import { SdksModule } from './sdks/sdks.module.js';
import { SearchModule } from './search/search.module.js';
import { SequenceBackendsModule } from './sequence-backends/sequence-backends.module.js';
import { PublisherSettingsModule } from './settings/publisher-settings.module.js';
import { ApiPlans } from './subscription-policies/api-plans.js';
import { ApiPoliciesDevportalController } from './subscription-policies/api-policies.devportal.controller.js';
import { ApiPoliciesPublisherController } from './subscription-policies/api-policies.publisher.controller.js';
import { ApiThemesModule } from './themes/api-themes.module.js';
import { ThumbnailsModule } from './thumbnails/thumbnails.module.js';
import { ApiCopiesModule } from './versions/api-copies.module.js';
import { VersionsPublisherController } from './versions/versions.publisher.controller.js';
import { VersionsService } from './versions/versions.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([ApiEntity, ApiDefinitionEntity, RevisionEntity]),
    WorkModule,
    DefinitionsModule,
    IdentityModule,
    KeysModule,
    ThrottlingModule,
    EnvironmentsModule,
    SubscriptionRowsModule,
    RevisionsModule,
    LifecycleModule,
    PortalApisModule,
    DocumentsModule,
    PublisherSettingsModule,
    ApiCopiesModule,
    ApiArchivePartsModule,
    ThumbnailsModule,
    CommentsModule,
    RatingsModule,
    ApiThemesModule,
    InternalKeysModule,
    TenantDirectoryModule,
    ApiLabelsModule,
    CategoriesModule,
    ProvidersModule,
    AttachedPoliciesModule,
    PoliciesModule,
    GatewayPoliciesModule,
    ResourcePoliciesModule,
    ApiEndpointsModule,
    CertificatesModule,
    SequenceBackendsModule,
    EnvironmentKeysModule,
    SdksModule,
    SearchModule,
    MonetizationModule,
    DesignAssistantModule,
  ],
  // The definitions first: their literal paths would be taken for ids.
  controllers: [
    ApiDefinitionsPublisherController,
    ApiArchivesPublisherController,
    VersionsPublisherController,
    EndpointsPublisherController,
    McpUsagePublisherController,
    ApiPoliciesPublisherController,
    ApiPoliciesDevportalController,
    ApisPublisherController,
  ],
  providers: [
    ApisService,
    ApiWriter,
    ApiChecks,
    ApiImports,
    ApiReads,
    ApiUses,
    ApiKeyManagerUse,
    ApiCategoryUse,
    ApisQueries,
    VersionsService,
    EndpointProbe,
    ApiPlans,
    ApiProjects,
    ArchiveDeployments,
    ArchiveExports,
    ArchiveImports,
    ImportSteps,
  ],
  exports: [
    ApisService,
    ApisQueries,
    ApiChecks,
    ApiReads,
    ApiWriter,
    DefinitionsModule,
    MonetizationModule,
    PortalApisModule,
    VersionsService,
    ApiProjects,
    ArchiveDeployments,
    ArchiveExports,
    ArchiveImports,
    ImportSteps,
  ],
})
export class ApisModule {}
