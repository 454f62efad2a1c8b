import { Body, Delete, Get, Put } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AdminController } from '../platform/http/controllers.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { AlertsSubscriptionDto, AlertTypesListDto, BotDetectionDataListDto } from './alerts.dto.js';
import { AlertsNeedAnalytics, AnalyticsNeeded } from './alerts.problems.js';

/** What comes of analytics; without it, as here so far, there is nothing to be told of (`reference/admin.md` §12). */
@AdminController('')
export class AlertsAdminController {
  @Get('alert-types')
  @ApiTags('Alerts')
  @Scopes('apim:admin', 'apim:admin_alert_manage')
  @ApiOperation({ operationId: 'getAdminAlertTypes' })
  @ApiOkResponse({ type: AlertTypesListDto })
  getAdminAlertTypes(): Reply<AlertTypesListDto> {
    return new Reply(204);
  }

  @Get('alert-subscriptions')
  @ApiTags('Alert Subscriptions')
  @Scopes('apim:admin', 'apim:admin_alert_manage')
  @ApiOperation({ operationId: 'getSubscribedAlertTypes' })
  @ApiOkResponse({ type: AlertsSubscriptionDto })
  getSubscribedAlertTypes(): Reply<AlertsSubscriptionDto> {
    return new Reply(204);
  }

  @Put('alert-subscriptions')
  @ApiTags('Alert Subscriptions')
  @Scopes('apim:admin', 'apim:admin_alert_manage')
  @ApiOperation({ operationId: 'subscribeToAlerts' })
  @ApiOkResponse({ type: AlertsSubscriptionDto })
  subscribeToAlerts(@Body() _: AlertsSubscriptionDto): never {
    throw AlertsNeedAnalytics();
  }

  @Delete('alert-subscriptions')
  @ApiTags('Alert Subscriptions')
  @Scopes('apim:admin', 'apim:admin_alert_manage')
  @ApiOperation({ operationId: 'unsubscribeAllAlerts' })
  unsubscribeAllAlerts(): never {
    throw AlertsNeedAnalytics();
  }

  @Get('bot-detection-data')
  @ApiTags('Bot Detection Data')
  @Scopes('apim:admin', 'apim:bot_data')
  @ApiOperation({ operationId: 'getBotDetectionData' })
  @ApiOkResponse({ type: BotDetectionDataListDto })
  getBotDetectionData(): never {
    throw AnalyticsNeeded('Bot Detection Data', 'Bot Detection Data');
  }
}
