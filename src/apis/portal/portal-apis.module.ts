import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { ConsumerOrganizationsModule } from '../../identity/consumer-organizations/consumer-organizations.module.js';
import { IdentityModule } from '../../identity/identity.module.js';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { ApiDefinitionEntity } from '../api-definition.entity.js';
import { RatingReadsModule } from '../ratings/rating-reads.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { CrossTenant } from './cross-tenant.js';
import { PortalApisDevportalController } from './portal-apis.devportal.controller.js';
import { PortalApisQueries } from './portal-apis.queries.js';
import { PortalApisService } from './portal-apis.service.js';
import { PortalRecommendationsQueries } from './portal-recommendations.queries.js';
import { PortalSights } from './portal-sights.js';
import { PortalTagsQueries } from './portal-tags.queries.js';
import { RecommendationsDevportalController } from './recommendations.devportal.controller.js';
import { TagsDevportalController } from './tags.devportal.controller.js';
import { TopicsDevportalController } from './topics.devportal.controller.js';

/** APIs in the developer portal. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApiDefinitionEntity]),
    ConsumerOrganizationsModule,
    EnvironmentsModule,
    IdentityModule,
    RatingReadsModule,
    RevisionsModule,
    SubscriptionRowsModule,
    ThrottlingModule,
  ],
  controllers: [PortalApisDevportalController, TagsDevportalController, RecommendationsDevportalController, TopicsDevportalController],
  providers: [CrossTenant, PortalApisQueries, PortalApisService, PortalSights, PortalTagsQueries, PortalRecommendationsQueries],
  exports: [CrossTenant, PortalApisService, PortalSights],
})
export class PortalApisModule {}
