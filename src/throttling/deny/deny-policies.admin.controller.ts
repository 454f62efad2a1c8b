import { Body, Delete, Get, Param, Patch, Post, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { queryText } from '../../platform/http/query-text.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { BlockingConditionDto, BlockingConditionListDto, BlockingConditionStatusDto } from './deny-policies.dto.js';
import { toBlockingCondition } from './deny-policies.mapper.js';
import { DenyPoliciesService } from './deny-policies.service.js';
import type { DenyPolicy } from './deny-policy.js';

const COLLECTION = 'Deny Policies (Collection)';
const INDIVIDUAL = 'Deny Policy (Individual)';

@AdminController('throttling')
export class DenyPoliciesAdminController {
  constructor(private readonly policies: DenyPoliciesService) {}

  @Get('deny-policies')
  @ApiTags(COLLECTION)
  @Scopes('apim:admin', 'apim:bl_view')
  @ApiHeader({ name: 'Accept', required: false })
  @ApiQuery({ name: 'query', required: false, type: String })
  async list(@Caller() caller: User, @Req() request: Request): Promise<BlockingConditionListDto> {
    const list = (await this.policies.list(caller.organization, filterIn(request.query))).map(toBlockingCondition);
    return { count: list.length, list };
  }

  @Post('deny-policies')
  @ApiTags(COLLECTION)
  @ApiCreatedResponse({ type: BlockingConditionDto })
  @Scopes('apim:admin', 'apim:bl_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async create(@Caller() caller: User, @Body() body: BlockingConditionDto): Promise<Reply<BlockingConditionDto>> {
    const { conditionType, conditionValue, conditionStatus } = body;
    const policy = await this.policies.create(caller.organization, conditionType, conditionValue, conditionStatus ?? true);
    return created(`/throttling/deny-policy/${policy.id}`, toBlockingCondition(policy));
  }

  @Get('deny-policy/:conditionId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:bl_view')
  async get(@Caller() caller: User, @Param('conditionId') id: string): Promise<BlockingConditionDto> {
    return toBlockingCondition(await this.policies.get(caller.organization, id));
  }

  @Patch('deny-policy/:conditionId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:bl_manage')
  @ApiHeader({ name: 'Content-Type', required: true })
  async setStatus(
    @Caller() caller: User,
    @Param('conditionId') id: string,
    @Body() body: BlockingConditionStatusDto,
    @IfMatch() ifMatch: Precondition,
  ): Promise<BlockingConditionDto> {
    const expects = (current: DenyPolicy) => ifMatch(toBlockingCondition(current));
    return toBlockingCondition(await this.policies.setStatus(caller.organization, id, body.conditionStatus, expects));
  }

  @Delete('deny-policy/:conditionId')
  @ApiTags(INDIVIDUAL)
  @Scopes('apim:admin', 'apim:bl_manage')
  async remove(@Caller() caller: User, @Param('conditionId') id: string): Promise<void> {
    await this.policies.remove(caller.organization, id);
  }
}

const FURTHER_TERM = /^\s*condition(?:Type|Value)\s*:/;

/** The terms of the filter: clients that do not encode the `&` between two of them send the second as a parameter of its own. */
const filterIn = ({ query, ...others }: Request['query']): string => {
  const further = Object.entries(others).filter(([name]) => FURTHER_TERM.test(name));
  const terms = further.map(([name, value]) => (queryText(value) ? `${name}=${queryText(value)}` : name));
  return [queryText(query) ?? '', ...terms].filter((term) => term !== '').join('&');
};
