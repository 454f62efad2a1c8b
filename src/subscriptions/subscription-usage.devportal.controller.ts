import { Get, Param } from '@nestjs/common';
import { APIMonetizationUsageDto } from '../apis/monetization/monetization.dto.js';
import { MonetizationService } from '../apis/monetization/monetization.service.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { SubscriptionViews } from './subscription-views.js';
import { SubscriptionsService } from './subscriptions.service.js';

@DevportalController('subscriptions', 'API Monetization')
export class SubscriptionUsageDevportalController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly views: SubscriptionViews,
    private readonly monetization: MonetizationService,
  ) {}

  /** What is due for the running billing cycle. */
  @Get(':subscriptionId/usage')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  async usage(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<APIMonetizationUsageDto> {
    const { api, subscription } = await this.views.one(await this.subscriptions.get(caller, id));
    return { properties: { ...(await this.monetization.invoice(api, subscription)) } };
  }
}
