import { Module } from '@nestjs/common';
import { ApisModule } from '../apis/apis.module.js';
import { ApplicationsModule } from '../applications/applications.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { SubscriptionRowsModule } from './subscription-rows.module.js';
import { SubscriptionViews } from './subscription-views.js';
import { SubscriptionsDevportalController } from './subscriptions.devportal.controller.js';
import { SubscriptionsQueries } from './subscriptions.queries.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** Subscriptions in the developer portal; what APIs and applications themselves need of them is in {@link SubscriptionRowsModule}. */
@Module({
  imports: [ApisModule, ApplicationsModule, SubscriptionRowsModule, ThrottlingModule],
  controllers: [SubscriptionsDevportalController],
  providers: [SubscriptionsService, SubscriptionsQueries, SubscriptionViews],
  exports: [SubscriptionsService],
})
export class SubscriptionsModule {}
