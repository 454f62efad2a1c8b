import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { fromAdvancedPolicy, toAdvancedPolicy, toAdvancedPolicyInfo } from './admin-policies.mapper.js';
import { AdvancedThrottlePolicyDto, AdvancedThrottlePolicyListDto } from './dto/advanced-policy.dto.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import type { ThrottlingPolicy } from './throttling-policy.js';

const COLLECTION = 'Advanced Policy (Collection)';
const INDIVIDUAL = 'Advanced Policy (Individual)';

@AdminController('throttling/policies/advanced')
export class AdvancedPoliciesAdminController {
  constructor(private readonly policies: ThrottlingPoliciesService) {}

  @Get()
  @ApiTags(COLLECTION)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  @ApiHeader({ name: 'Accept', required: false })
  async list(@Caller() caller: User): Promise<AdvancedThrottlePolicyListDto> {
    const list = (await this.policies.list(caller.organization, 'advanced')).map(toAdvancedPolicyInfo);
    return { count: list.length, list };
  }

  @Post()
  @ApiTags(COLLECTION)
  @ApiCreatedResponse({ type: AdvancedThrottlePolicyDto })
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async create(@Caller() caller: User, @Body() body: AdvancedThrottlePolicyDto): Promise<Reply<AdvancedThrottlePolicyDto>> {
    const policy = await this.policies.create(caller.organization, 'advanced', fromAdvancedPolicy(body));
    return created(`/throttling/policies/advanced/${policy.id}`, toAdvancedPolicy(policy));
  }

  @Get(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  async get(@Caller() caller: User, @Param('policyId') id: string): Promise<AdvancedThrottlePolicyDto> {
    return toAdvancedPolicy(await this.policies.get(caller.organization, 'advanced', id));
  }

  @Put(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async update(
    @Caller() caller: User,
    @Param('policyId') id: string,
    @Body() body: AdvancedThrottlePolicyDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<AdvancedThrottlePolicyDto> {
    const expects = (current: ThrottlingPolicy) => ifMatch(toAdvancedPolicy(current));
    return toAdvancedPolicy(await this.policies.update(caller.organization, 'advanced', id, fromAdvancedPolicy(body), expects));
  }

  @Delete(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage', 'apim:policies_import_export')
  async remove(@Caller() caller: User, @Param('policyId') id: string): Promise<void> {
    await this.policies.remove(caller.organization, 'advanced', id);
  }
}
