import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../environments/environments.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { KeysModule } from '../keys/keys.module.js';
import { WorkModule } from '../platform/worker-pool/work.module.js';
import { SubscriptionRowsModule } from '../subscriptions/subscription-rows.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { ApiEntity } from './api.entity.js';
import { ApiChecks } from './api-checks.js';
import { ApiDefinitionEntity } from './api-definition.entity.js';
import { ApiDefinitionsPublisherController } from './api-definitions.publisher.controller.js';
import { ApiImports } from './api-imports.service.js';
import { ApiReads } from './api-reads.js';
import { ApiUses } from './api-uses.js';
import { ApiWriter } from './api-writer.js';
import { ApisPublisherController } from './apis.publisher.controller.js';
import { ApisQueries } from './apis.queries.js';
import { ApisService } from './apis.service.js';
import { Definitions } from './definitions/definitions.service.js';
import { DocumentsModule } from './documents/documents.module.js';
import { EndpointProbe } from './endpoints/endpoint-probe.js';
import { EndpointsPublisherController } from './endpoints/endpoints.publisher.controller.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { PortalApisModule } from './portal/portal-apis.module.js';
import { RevisionsModule } from './revisions/revisions.module.js';
import { PublisherSettingsModule } from './settings/publisher-settings.module.js';
import { ApiPlans } from './subscription-policies/api-plans.js';
import { ApiPoliciesDevportalController } from './subscription-policies/api-policies.devportal.controller.js';
import { ApiPoliciesPublisherController } from './subscription-policies/api-policies.publisher.controller.js';
import { ThumbnailsModule } from './thumbnails/thumbnails.module.js';
import { ApiCopiesModule } from './versions/api-copies.module.js';
import { VersionsPublisherController } from './versions/versions.publisher.controller.js';
import { VersionsService } from './versions/versions.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([ApiEntity, ApiDefinitionEntity]),
    WorkModule,
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
    ThumbnailsModule,
  ],
  // The definitions first: their literal paths would be taken for ids.
  controllers: [
    ApiDefinitionsPublisherController,
    VersionsPublisherController,
    EndpointsPublisherController,
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
    ApisQueries,
    Definitions,
    VersionsService,
    EndpointProbe,
    ApiPlans,
  ],
  exports: [ApisService, ApiReads, Definitions, PortalApisModule],
})
export class ApisModule {}
