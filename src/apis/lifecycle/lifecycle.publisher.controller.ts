import { Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import { LIFECYCLE_ACTIONS } from '../../domain/lifecycle.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { LifecycleHistoryDto, LifecycleStateDto, WorkflowResponseDto } from './lifecycle.dto.js';
import { type LifecyclePosition, toLifecycleHistoryDto, toLifecycleStateDto, toWorkflowResponseDto } from './lifecycle.mapper.js';
import { LifecycleService } from './lifecycle.service.js';
import { LifecycleApprovals } from './lifecycle-approvals.js';

@PublisherController('apis', 'API Lifecycle')
export class LifecyclePublisherController {
  constructor(
    private readonly lifecycle: LifecycleService,
    private readonly approvals: LifecycleApprovals,
  ) {}

  @Post('change-lifecycle')
  @Scopes('apim:api_publish', 'apim:api_manage', 'apim:api_import_export')
  @ApiOperation({ operationId: 'changeAPILifecycle' })
  @ApiQuery({ name: 'action', required: true, schema: { type: 'string', enum: [...LIFECYCLE_ACTIONS] } })
  @ApiQuery({ name: 'lifecycleChecklist', required: false, type: String })
  @ApiQuery({ name: 'apiId', required: true, type: String })
  @ApiHeader({ name: 'If-Match', required: false })
  @HttpCode(200)
  async changeAPILifecycle(
    @Query('action') action: string | undefined,
    @Query('lifecycleChecklist') checklist: string | undefined,
    @Query('apiId') apiId: string | undefined,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<WorkflowResponseDto> {
    const change = { action: given(action, 'action'), checklist: once(checklist, 'lifecycleChecklist') ?? '' };
    const unchanged = (position: LifecyclePosition) => precondition(toLifecycleStateDto(position));
    return toWorkflowResponseDto(await this.lifecycle.change(caller, apiRef(given(apiId, 'apiId')), change, unchanged));
  }

  @Get(':apiId/lifecycle-history')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPILifecycleHistory' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPILifecycleHistory(@Param('apiId') apiId: string, @Caller() caller: User): Promise<LifecycleHistoryDto> {
    return toLifecycleHistoryDto(await this.lifecycle.events(caller, apiRef(apiId)));
  }

  @Get(':apiId/lifecycle-state')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPILifecycleState' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPILifecycleState(@Param('apiId') apiId: string, @Caller() caller: User): Promise<LifecycleStateDto> {
    return toLifecycleStateDto(await this.lifecycle.position(caller, apiRef(apiId)));
  }

  @Delete(':apiId/lifecycle-state/pending-tasks')
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'deleteAPILifecycleStatePendingTasks' })
  async deleteAPILifecycleStatePendingTasks(@Param('apiId') apiId: string, @Caller() caller: User): Promise<void> {
    await this.approvals.withdraw(caller, apiRef(apiId));
  }
}

const invalid = (name: string, text: string) =>
  BadRequest('Validation Error').withFindings([{ code: `400_${name}`, message: `${name}: ${text}` }]);

/** A query parameter that may be left out, but not repeated; it may have to be stored. @throws BadRequest. */
const once = (value: string | readonly string[] | undefined, name: string): string | undefined => {
  if (value !== undefined && typeof value !== 'string') throw invalid(name, 'must be given once');
  if (value?.includes('\0')) throw invalid(name, 'must not hold a zero byte');
  return value;
};

/** A query parameter that may not be left out either. @throws BadRequest. */
const given = (value: string | readonly string[] | undefined, name: string): string => {
  const text = once(value, name);
  if (!text) throw invalid(name, 'must not be null');
  return text;
};
