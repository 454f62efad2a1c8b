import { Module } from '@nestjs/common';
import { ApplicationsModule } from '../applications/applications.module.js';
import { WebhookRowsModule } from './webhook-rows.module.js';
import { WebhooksDevportalController } from './webhooks.devportal.controller.js';

/** Webhook subscriptions in the developer portal. */
@Module({ imports: [ApplicationsModule, WebhookRowsModule], controllers: [WebhooksDevportalController] })
export class WebhooksModule {}
