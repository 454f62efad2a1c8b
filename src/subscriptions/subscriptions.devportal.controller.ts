import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { CrossTenant } from '../apis/portal/cross-tenant.js';
import { BadRequest } from '../domain/problem.js';
import type { Subscription } from '../domain/subscription.js';
import type { User } from '../domain/user.js';
import { Caller, Tenant } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { queryText } from '../platform/http/query-text.js';
import { created, Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { validateAs } from '../platform/http/validation.pipe.js';
import { waits } from '../workflows/workflow-response.dto.js';
import { SubscriptionViews } from './subscription-views.js';
import { AdditionalSubscriptionInfoListDto, DevportalSubscriptionDto, DevportalSubscriptionListDto } from './subscriptions.dto.js';
import { toAdditionalInfoDto, toSubscriptionDto } from './subscriptions.mapper.js';
import { ApiIdMissing, FilterMissing, StatusMissing } from './subscriptions.problems.js';
import { SubscriptionsService } from './subscriptions.service.js';

const TENANT_HEADER = { name: 'X-WSO2-Tenant', required: false };

@DevportalController('subscriptions', 'Subscriptions')
export class SubscriptionsDevportalController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly views: SubscriptionViews,
    private readonly crossTenant: CrossTenant,
  ) {}

  @Get()
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @Paged()
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @ApiQuery({ name: 'applicationId', required: false, type: String })
  @ApiQuery({ name: 'groupId', required: false, type: String })
  @ApiHeader(TENANT_HEADER)
  @ApiHeader({ name: 'If-None-Match', required: false })
  async list(
    @Caller() caller: User,
    @Page() query: PageQuery,
    @Query('apiId') apiId: string | undefined,
    @Query('applicationId') applicationId: string | undefined,
    @Query('groupId') groupId: unknown,
    @Tenant() tenant: string,
  ): Promise<DevportalSubscriptionListDto> {
    if (!apiId && !applicationId) throw FilterMissing();
    const filter = applicationId ? { applicationId } : { apiOrganization: this.crossTenant.providerOf(caller, tenant), apiId: apiId ?? '' };
    const { items, total } = await this.subscriptions.list(caller, filter, queryText(groupId) ?? '', query);
    const list = (await this.views.of(caller.organization, items)).map((view) => toSubscriptionDto(view));
    return { ...page(list, total, query), list };
  }

  @Post()
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @ApiHeader(TENANT_HEADER)
  @ApiCreatedResponse({ type: DevportalSubscriptionDto })
  async create(
    @Caller() caller: User,
    @Tenant() tenant: string,
    @Body() body: DevportalSubscriptionDto,
  ): Promise<Reply<DevportalSubscriptionDto>> {
    const subscription = await this.subscribe(caller, tenant, body);
    return created(`/subscriptions/${subscription.id}`, await this.answered(subscription));
  }

  /** One after the other: the first refusal is the answer, and what was made before it stays. */
  @Post('multiple')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @ApiHeader(TENANT_HEADER)
  @ApiBody({ type: [DevportalSubscriptionDto] })
  @HttpCode(200)
  async createAll(@Caller() caller: User, @Tenant() tenant: string, @Body() body: readonly unknown[]): Promise<DevportalSubscriptionDto[]> {
    if (!Array.isArray(body)) throw BadRequest('One or more request body parameters contain disallowed values.');
    const requests = await Promise.all(body.map((item) => validateAs(DevportalSubscriptionDto, item)));
    const made: Subscription[] = [];
    for (const request of requests) made.push(await this.subscribe(caller, tenant, request));
    const redirections = await Promise.all(made.map((subscription) => this.subscriptions.redirection(subscription)));
    const sentTo = new Map(made.map(({ id }, at) => [id, redirections[at]]));
    return (await this.views.of(caller.organization, made)).map((view) => toSubscriptionDto(view, sentTo.get(view.subscription.id)));
  }

  /** The caller's subscriptions to an API, with what a gateway of another make says about them. */
  @Get(':apiId/additionalInfo')
  @ApiOperation({ operationId: 'getAdditionalInfoOfAPISubscriptions' })
  @Paged()
  @ApiQuery({ name: 'groupId', required: false, type: String })
  @ApiHeader(TENANT_HEADER)
  @ApiHeader({ name: 'If-None-Match', required: false })
  async additionalInfo(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Tenant() tenant: string,
    @Query('groupId') groupId: unknown,
    @Page() query: PageQuery,
  ): Promise<AdditionalSubscriptionInfoListDto> {
    const filter = { apiOrganization: this.crossTenant.providerOf(caller, tenant), apiId };
    const { items, total } = await this.subscriptions.list(caller, filter, queryText(groupId) ?? '', query);
    const list = (await this.views.of(caller.organization, items)).map(toAdditionalInfoDto);
    return { ...page(list, total, query), list };
  }

  @Get(':subscriptionId')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async get(@Param('subscriptionId') id: string, @Caller() caller: User): Promise<DevportalSubscriptionDto> {
    return toSubscriptionDto(await this.views.one(await this.subscriptions.get(caller, id)));
  }

  @Put(':subscriptionId')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @ApiHeader(TENANT_HEADER)
  async update(
    @Param('subscriptionId') id: string,
    @Caller() caller: User,
    @Body() body: DevportalSubscriptionDto,
  ): Promise<DevportalSubscriptionDto> {
    if (!body.status) throw StatusMissing();
    const { applicationId, apiId } = body;
    const policy = body.requestedThrottlingPolicy || body.throttlingPolicy;
    const changed = await this.subscriptions.changePlan(caller, id, { applicationId, policy, ...(apiId && { apiId }) });
    return this.answered(changed);
  }

  @Delete(':subscriptionId')
  @Scopes('apim:subscribe', 'apim:sub_manage')
  @ApiHeader({ name: 'If-Match', required: false })
  async remove(@Param('subscriptionId') id: string, @Caller() caller: User, @IfMatch() precondition: Precondition): Promise<Reply> {
    const [view] = await this.views.of(caller.organization, [await this.subscriptions.get(caller, id)]);
    // A subscription whose API is gone has no wire form to compare, but can still be removed.
    const expects = (current: Subscription) => precondition(view ? toSubscriptionDto({ ...view, subscription: current }) : '');
    if ((await this.subscriptions.remove(caller, id, expects)) === 'now') return new Reply(200);
    return created(`/subscriptions/${id}`, waits(await this.subscriptions.redirection({ id, state: 'DELETE_PENDING' })));
  }

  /** To whoever has just asked for it. */
  private async answered(subscription: Subscription): Promise<DevportalSubscriptionDto> {
    const redirection = await this.subscriptions.redirection(subscription);
    return toSubscriptionDto(await this.views.one(subscription), redirection);
  }

  private async subscribe(
    caller: User,
    tenant: string,
    { applicationId, apiId, throttlingPolicy }: DevportalSubscriptionDto,
  ): Promise<Subscription> {
    if (!apiId) throw ApiIdMissing();
    const apiOrganization = this.crossTenant.providerOf(caller, tenant);
    return this.subscriptions.create(caller, { applicationId, apiOrganization, apiId, policy: throttlingPolicy });
  }
}
