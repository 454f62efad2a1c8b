import { Delete, Get, Param } from '@nestjs/common';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { GatehouseController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { PendingChangeDto } from '../workflows/pending-change.dto.js';
import { toPendingChangeDto } from '../workflows/pending-change.mapper.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** What the product's contract does not let developers do with a change of a subscription that waits for its approval: read it, and take it back. */
@GatehouseController('subscriptions/:subscriptionId', 'Subscriptions')
export class SubscriptionRequestsGatehouseController {
  constructor(private readonly subscriptions: SubscriptionsService) {}

  /** The subscription itself, its change of plan or its end, whichever waits. */
  @Get('pending-change')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  async getPendingSubscriptionChange(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<PendingChangeDto> {
    return toPendingChangeDto(await this.subscriptions.pendingChange(caller, id));
  }

  /** Takes a change of plan or the end back: the subscription is what it was before. */
  @Delete('pending-change')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  async withdrawPendingSubscriptionChange(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<void> {
    await this.subscriptions.withdraw(caller, id);
  }
}
