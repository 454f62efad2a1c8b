import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { RatingReadsModule } from '../apis/ratings/rating-reads.module.js';
import { RevisionsModule } from '../apis/revisions/revisions.module.js';
import { ApplicationsModule } from '../applications/applications.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { WorkflowsModule } from '../workflows/workflows.module.js';
import { PublisherSubscriptionsQueries } from './publisher-subscriptions.queries.js';
import { PublisherSubscriptionsService } from './publisher-subscriptions.service.js';
import { SubscriptionApprovals } from './subscription-approvals.js';
import { SubscriptionRequestsGatehouseController } from './subscription-requests.gatehouse.controller.js';
import { SubscriptionRowsModule } from './subscription-rows.module.js';
import { SubscriptionUsageDevportalController } from './subscription-usage.devportal.controller.js';
import { SubscriptionViews } from './subscription-views.js';
import { SubscriptionsDevportalController } from './subscriptions.devportal.controller.js';
import { SubscriptionsPublisherController } from './subscriptions.publisher.controller.js';
import { SubscriptionsQueries } from './subscriptions.queries.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Subscriptions in the developer portal and the publisher; what APIs and applications themselves need of them is in {@link SubscriptionRowsModule}. */
@Module({
  imports: [ApisModule, ApplicationsModule, RatingReadsModule, RevisionsModule, SubscriptionRowsModule, ThrottlingModule, WorkflowsModule],
  controllers: [
    SubscriptionsDevportalController,
    SubscriptionUsageDevportalController,
    SubscriptionRequestsGatehouseController,
    SubscriptionsPublisherController,
  ],
  providers: [
    SubscriptionsService,
    SubscriptionApprovals,
    SubscriptionsQueries,
    SubscriptionViews,
    PublisherSubscriptionsService,
    PublisherSubscriptionsQueries,
  ],
  exports: [SubscriptionsService],
})
export class SubscriptionsModule {}
