import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiKeyRowsModule } from '../api-keys/api-key-rows.module.js';
import { ThrottlingModule } from '../throttling/throttling.module.js';
import { WebhookRowsModule } from '../webhooks/webhook-rows.module.js';
import { SubscriptionEntity } from './subscription.entity.js';
import { SubscriptionCopies } from './subscription-copies.js';
import { SubscriptionPolicyUse } from './subscription-policy-use.js';
import { SubscriptionReads } from './subscription-reads.js';
import { SubscriptionRemovals } from './subscription-removals.js';

/** The part of subscriptions that APIs and applications need; it depends on neither, which keeps the modules free of cycles. */
@Module({
  imports: [TypeOrmModule.forFeature([SubscriptionEntity]), ApiKeyRowsModule, ThrottlingModule, WebhookRowsModule],
  providers: [SubscriptionCopies, SubscriptionPolicyUse, SubscriptionReads, SubscriptionRemovals],
  exports: [ApiKeyRowsModule, SubscriptionCopies, SubscriptionReads, SubscriptionRemovals, TypeOrmModule, WebhookRowsModule],
})
export class SubscriptionRowsModule {}
