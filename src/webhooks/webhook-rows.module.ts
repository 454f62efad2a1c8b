import { Module } from '@nestjs/common';
import { WebhookSubscriptions } from './webhook-subscriptions.js';

/** The part of webhooks that subscriptions need; it depends on neither APIs nor applications. */
@Module({ providers: [WebhookSubscriptions], exports: [WebhookSubscriptions] })
export class WebhookRowsModule {}
