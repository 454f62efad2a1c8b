import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
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

@PublisherController('apis', 'API Lifecycle')
export class LifecyclePublisherController {
  constructor(private readonly lifecycle: LifecycleService) {}

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
    const change = { action: given(action, 'action'), checklist: checklist ?? '' };
    const unchanged = (position: LifecyclePosition) => precondition(toLifecycleStateDto(position));
    return toWorkflowResponseDto(await this.lifecycle.change(caller, given(apiId, 'apiId'), change, unchanged));
  }

  @Get(':apiId/lifecycle-history')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPILifecycleHistory' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPILifecycleHistory(@Param('apiId') apiId: string, @Caller() caller: User): Promise<LifecycleHistoryDto> {
    return toLifecycleHistoryDto(await this.lifecycle.events(caller, apiId));
  }

  @Get(':apiId/lifecycle-state')
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPILifecycleState' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPILifecycleState(@Param('apiId') apiId: string, @Caller() caller: User): Promise<LifecycleStateDto> {
    return toLifecycleStateDto(await this.lifecycle.position(caller, apiId));
  }
}

/** A query parameter that may not be left out. @throws BadRequest. */
const given = (value: string | undefined, name: string): string => {
  if (!value) throw BadRequest('Validation Error').withFindings([{ code: `400_${name}`, message: `${name}: must not be null` }]);
  return value;
};
