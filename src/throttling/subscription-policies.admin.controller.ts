import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { fromSubscriptionPolicy, toSubscriptionPolicy } from './admin-policies.mapper.js';
import { SubscriptionThrottlePolicyDto, SubscriptionThrottlePolicyListDto } from './dto/throttle-policy.dto.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import type { ThrottlingPolicy } from './throttling-policy.js';

const COLLECTION = 'Subscription Policy (Collection)';
const INDIVIDUAL = 'Subscription Policy (Individual)';

@AdminController('throttling/policies/subscription')
export class SubscriptionPoliciesAdminController {
  constructor(private readonly policies: ThrottlingPoliciesService) {}

  @Get()
  @ApiTags(COLLECTION)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  @ApiHeader({ name: 'Accept', required: false })
  async list(@Caller() caller: User): Promise<SubscriptionThrottlePolicyListDto> {
    const list = (await this.policies.list(caller.organization, 'subscription')).map(toSubscriptionPolicy);
    return { count: list.length, list };
  }

  @Post()
  @ApiTags(COLLECTION)
  @ApiCreatedResponse({ type: SubscriptionThrottlePolicyDto })
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async create(@Caller() caller: User, @Body() body: SubscriptionThrottlePolicyDto): Promise<Reply<SubscriptionThrottlePolicyDto>> {
    const policy = await this.policies.create(caller.organization, 'subscription', fromSubscriptionPolicy(body));
    return created(`/throttling/policies/subscription/${policy.id}`, toSubscriptionPolicy(policy));
  }

  @Get(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  async get(@Caller() caller: User, @Param('policyId') id: string): Promise<SubscriptionThrottlePolicyDto> {
    return toSubscriptionPolicy(await this.policies.get(caller.organization, 'subscription', id));
  }

  @Put(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async update(
    @Caller() caller: User,
    @Param('policyId') id: string,
    @Body() body: SubscriptionThrottlePolicyDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<SubscriptionThrottlePolicyDto> {
    const expects = (current: ThrottlingPolicy) => ifMatch(toSubscriptionPolicy(current));
    return toSubscriptionPolicy(await this.policies.update(caller.organization, 'subscription', id, fromSubscriptionPolicy(body), expects));
  }

  @Delete(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage', 'apim:policies_import_export')
  async remove(@Caller() caller: User, @Param('policyId') id: string): Promise<void> {
    await this.policies.remove(caller.organization, 'subscription', id);
  }
}
