import { Body, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { BotDetectionAlertSubscriptionDto, BotDetectionAlertSubscriptionListDto } from './alerts.dto.js';
import type { BotAlertSubscriptionEntity } from './bot-alert-subscription.entity.js';
import { BotAlertsService } from './bot-alerts.service.js';

@AdminController('alert-subscriptions/bot-detection', 'Bot Detection Alert Subscriptions')
@Scopes('apim:admin', 'apim:admin_alert_manage')
export class BotAlertsAdminController {
  constructor(private readonly alerts: BotAlertsService) {}

  @Get()
  @ApiOperation({ operationId: 'getBotDetectionAlertSubscriptions' })
  async getBotDetectionAlertSubscriptions(@Caller() { organization }: User): Promise<BotDetectionAlertSubscriptionListDto> {
    const list = (await this.alerts.list(organization)).map(toDto);
    return { count: list.length, list };
  }

  @Post()
  @HttpCode(200)
  @ApiOkResponse({ type: BotDetectionAlertSubscriptionDto })
  @ApiOperation({ operationId: 'subscribeForBotDetectionAlerts' })
  async subscribeForBotDetectionAlerts(
    @Caller() { organization }: User,
    @Body() { email }: BotDetectionAlertSubscriptionDto,
  ): Promise<BotDetectionAlertSubscriptionDto> {
    return toDto(await this.alerts.subscribe(organization, email));
  }

  @Delete(':uuid')
  @ApiOperation({ operationId: 'unsubscribeFromBotDetectionAlerts' })
  async unsubscribeFromBotDetectionAlerts(@Caller() { organization }: User, @Param('uuid') uuid: string): Promise<void> {
    await this.alerts.unsubscribe(organization, uuid);
  }
}

const toDto = ({ id, email }: BotAlertSubscriptionEntity): BotDetectionAlertSubscriptionDto => ({ uuid: id, email });
