import { Module } from '@nestjs/common';
import { UsageReads } from '../../analytics/usage-reads.js';
import { IdentityModule } from '../../identity/identity.module.js';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { MonetizationAdminController } from './monetization.admin.controller.js';
import { MonetizationPublisherController } from './monetization.publisher.controller.js';
import { MonetizationService } from './monetization.service.js';
import { MonetizationProvider } from './monetization-provider.js';
import { UsageBilling } from './usage-billing.js';
import { UsageLedger } from './usage-ledger.js';
import { UsagePublishing } from './usage-publishing.service.js';

/** Paid APIs. */
@Module({
  imports: [RevisionsModule, ThrottlingModule, SubscriptionRowsModule, IdentityModule],
  controllers: [MonetizationPublisherController, MonetizationAdminController],
  providers: [MonetizationService, UsageReads, UsageLedger, UsagePublishing, { provide: MonetizationProvider, useClass: UsageBilling }],
  exports: [MonetizationService],
})
export class MonetizationModule {}
