import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AlertsAdminController } from './alerts.admin.controller.js';
import { BotAlertSubscriptionEntity } from './bot-alert-subscription.entity.js';
import { BotAlertsAdminController } from './bot-alerts.admin.controller.js';
import { BotAlertsService } from './bot-alerts.service.js';

/** Alerts to administrators. */
@Module({
  imports: [TypeOrmModule.forFeature([BotAlertSubscriptionEntity])],
  controllers: [AlertsAdminController, BotAlertsAdminController],
  providers: [BotAlertsService],
})
export class AlertsModule {}
