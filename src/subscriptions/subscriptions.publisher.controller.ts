import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ownerOf } from '../applications/applications.mapper.js';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { etagOf } from '../platform/http/reply.interceptor.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { PublisherSubscriptionsService } from './publisher-subscriptions.service.js';
import { PlanMissing, SubscriptionIdMissing } from './subscriptions.problems.js';
import type { SubscriberInfoDto, SubscriptionListDto } from './subscriptions.publisher.dto.js';
import { type HeldSubscription, toPublisherSubscriptionDto, toSubscriberInfoDto } from './subscriptions.publisher.mapper.js';

const BLOCK_STATES = ['BLOCKED', 'PROD_ONLY_BLOCKED'] as const;
const VIEW_SCOPES = ['apim:api_view', 'apim:mcp_server_view', 'apim:subscription_view', 'apim:subscription_manage'];
const IF_MATCH = { name: 'If-Match', required: false };

@PublisherController('subscriptions')
export class SubscriptionsPublisherController {
  constructor(
    private readonly subscriptions: PublisherSubscriptionsService,
    private readonly config: ApimConfig,
  ) {}

  @Get()
  @Scopes(...VIEW_SCOPES)
  @ApiTags('Subscriptions')
  @ApiOperation({ operationId: 'getSubscriptions' })
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @Paged()
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiQuery({ name: 'query', required: false, type: String })
  async getSubscriptions(
    @Caller() caller: User,
    @Page() window: PageQuery,
    @Query('apiId') apiId: string | undefined,
    @Query('query') query: string | undefined,
  ): Promise<SubscriptionListDto> {
    const { limit, offset } = window;
    const { items, total } = await this.subscriptions.list(caller, { apiId: apiId || undefined, query: query ?? '', limit, offset });
    const list = items.map(toPublisherSubscriptionDto);
    return { ...page(list, total, window), list };
  }

  @Post('block-subscription')
  @Scopes('apim:subscription_block', 'apim:subscription_manage')
  @ApiTags('Subscriptions')
  @ApiOperation({ operationId: 'blockSubscription' })
  @ApiQuery({ name: 'subscriptionId', required: true, type: String })
  @ApiQuery({ name: 'blockState', required: true, schema: { type: 'string', enum: [...BLOCK_STATES] } })
  @ApiHeader(IF_MATCH)
  @HttpCode(200)
  async blockSubscription(
    @Query('subscriptionId') id: string | undefined,
    @Query('blockState') blockState: string | undefined,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<Reply> {
    if (!id) throw invalid('subscriptionId', 'must not be null');
    const state = BLOCK_STATES.find((known) => known === blockState);
    if (!state) throw invalid('blockState', blockState ? `must be one of ${BLOCK_STATES.join(', ')}` : 'must not be null');
    return changed(await this.subscriptions.setBlocked(caller, id, state, expecting(precondition)));
  }

  @Post('unblock-subscription')
  @Scopes('apim:subscription_block', 'apim:subscription_manage')
  @ApiTags('Subscriptions')
  @ApiOperation({ operationId: 'unBlockSubscription' })
  @ApiQuery({ name: 'subscriptionId', required: true, type: String })
  @ApiHeader(IF_MATCH)
  @HttpCode(200)
  async unBlockSubscription(
    @Query('subscriptionId') id: string | undefined,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<Reply> {
    if (!id) throw invalid('subscriptionId', 'must not be null');
    return changed(await this.subscriptions.setBlocked(caller, id, 'UNBLOCKED', expecting(precondition)));
  }

  @Post('change-business-plan')
  @Scopes('apim:subscription_manage')
  @ApiTags('Subscriptions')
  @ApiOperation({ operationId: 'changeSubscriptionBusinessPlan' })
  @ApiQuery({ name: 'subscriptionId', required: true, type: String })
  @ApiQuery({ name: 'businessPlan', required: true, type: String })
  @ApiHeader(IF_MATCH)
  @HttpCode(200)
  async changeSubscriptionBusinessPlan(
    @Query('subscriptionId') id: string | undefined,
    @Query('businessPlan') plan: string | undefined,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<Reply> {
    if (!id) throw SubscriptionIdMissing();
    if (!plan) throw PlanMissing();
    return changed(await this.subscriptions.changePlan(caller, id, plan, expecting(precondition)));
  }

  @Get(':subscriptionId/subscriber-info')
  @Scopes(...VIEW_SCOPES)
  @ApiTags('Subscriber')
  @ApiOperation({ operationId: 'getSubscriberInfoBySubscriptionId' })
  async getSubscriberInfoBySubscriptionId(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<SubscriberInfoDto> {
    const { application, claims } = await this.subscriptions.subscriber(caller, id);
    return toSubscriberInfoDto(ownerOf(application), claims, this.config.publisher.subscriberClaims);
  }
}

const invalid = (parameter: string, text: string) =>
  BadRequest('Validation Error').withFindings([{ code: `400_${parameter}`, message: `${parameter}: ${text}` }]);

/** The answer has no body, but the tag of the subscription as lists show it, which `If-Match` is compared with. */
const changed = (subscription: HeldSubscription): Reply => new Reply(200, undefined, { ETag: tagOf(subscription) });

const tagOf = (subscription: HeldSubscription): string => etagOf(JSON.stringify(toPublisherSubscriptionDto(subscription)));

const expecting = (precondition: Precondition) => (current: HeldSubscription) => precondition(toPublisherSubscriptionDto(current));
