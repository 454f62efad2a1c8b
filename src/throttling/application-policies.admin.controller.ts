import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { created, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { fromApplicationPolicy, toApplicationPolicy } from './admin-policies.mapper.js';
import { ApplicationThrottlePolicyDto, ApplicationThrottlePolicyListDto } from './dto/throttle-policy.dto.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import type { ThrottlingPolicy } from './throttling-policy.js';

const COLLECTION = 'Application Policy (Collection)';
const INDIVIDUAL = 'Application Policy (Individual)';

@AdminController('throttling/policies/application')
export class ApplicationPoliciesAdminController {
  constructor(private readonly policies: ThrottlingPoliciesService) {}

  @Get()
  @ApiTags(COLLECTION)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  @ApiHeader({ name: 'Accept', required: false })
  async list(@Caller() caller: User): Promise<ApplicationThrottlePolicyListDto> {
    const list = (await this.policies.list(caller.organization, 'application')).map(toApplicationPolicy);
    return { count: list.length, list };
  }

  @Post()
  @ApiTags(COLLECTION)
  @ApiCreatedResponse({ type: ApplicationThrottlePolicyDto })
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async create(@Caller() caller: User, @Body() body: ApplicationThrottlePolicyDto): Promise<Reply<ApplicationThrottlePolicyDto>> {
    const policy = await this.policies.create(caller.organization, 'application', fromApplicationPolicy(body));
    return created(`/throttling/policies/application/${policy.id}`, toApplicationPolicy(policy));
  }

  @Get(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_view', 'apim:admin_tier_view')
  async get(@Caller() caller: User, @Param('policyId') id: string): Promise<ApplicationThrottlePolicyDto> {
    return toApplicationPolicy(await this.policies.get(caller.organization, 'application', id));
  }

  @Put(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async update(
    @Caller() caller: User,
    @Param('policyId') id: string,
    @Body() body: ApplicationThrottlePolicyDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<ApplicationThrottlePolicyDto> {
    const expects = (current: ThrottlingPolicy) => ifMatch(toApplicationPolicy(current));
    return toApplicationPolicy(await this.policies.update(caller.organization, 'application', id, fromApplicationPolicy(body), expects));
  }

  @Delete(':policyId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:tier_manage', 'apim:admin_tier_manage', 'apim:policies_import_export')
  async remove(@Caller() caller: User, @Param('policyId') id: string): Promise<void> {
    await this.policies.remove(caller.organization, 'application', id);
  }
}
