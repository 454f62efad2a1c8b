import { Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { productRef } from '../../domain/api.js';
import { LIFECYCLE_ACTIONS } from '../../domain/lifecycle.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import type { LifecycleHistoryDto, LifecycleStateDto, WorkflowResponseDto } from '../lifecycle/lifecycle.dto.js';
import {
  type LifecyclePosition,
  toLifecycleHistoryDto,
  toLifecycleStateDto,
  toWorkflowResponseDto,
} from '../lifecycle/lifecycle.mapper.js';
import { LifecycleService } from '../lifecycle/lifecycle.service.js';
import { LifecycleApprovals } from '../lifecycle/lifecycle-approvals.js';
import { ProductLifecycleRequest } from './product-lifecycle-request.js';

@PublisherController('api-products', 'API Product Lifecycle')
export class ProductLifecyclePublisherController {
  constructor(
    private readonly lifecycle: LifecycleService,
    private readonly approvals: LifecycleApprovals,
  ) {}

  @Post('change-lifecycle')
  @Scopes('apim:api_publish', 'apim:api_manage', 'apim:api_product_import_export')
  @ApiOperation({ operationId: 'changeAPIProductLifecycle' })
  @ApiQuery({ name: 'action', required: true, schema: { type: 'string', enum: [...LIFECYCLE_ACTIONS] } })
  @ApiQuery({ name: 'lifecycleChecklist', required: false, type: String })
  @ApiQuery({ name: 'apiProductId', required: true, type: String })
  @ApiHeader({ name: 'If-Match', required: false })
  @HttpCode(200)
  async changeAPIProductLifecycle(
    @Query('action') action: unknown,
    @Query('lifecycleChecklist') lifecycleChecklist: unknown,
    @Query('apiProductId') apiProductId: unknown,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<WorkflowResponseDto> {
    const request = await validateAs(ProductLifecycleRequest, { action, lifecycleChecklist, apiProductId });
    const change = { action: request.action, checklist: request.lifecycleChecklist ?? '' };
    const unchanged = (position: LifecyclePosition) => precondition(toLifecycleStateDto(position));
    return toWorkflowResponseDto(await this.lifecycle.change(caller, productRef(request.apiProductId), change, unchanged));
  }

  @Get(':apiProductId/lifecycle-history')
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIProductLifecycleHistory' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductLifecycleHistory(@Param('apiProductId') id: string, @Caller() caller: User): Promise<LifecycleHistoryDto> {
    return toLifecycleHistoryDto(await this.lifecycle.events(caller, productRef(id)));
  }

  @Get(':apiProductId/lifecycle-state')
  @Scopes('apim:api_publish', 'apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIProductLifecycleState' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductLifecycleState(@Param('apiProductId') id: string, @Caller() caller: User): Promise<LifecycleStateDto> {
    return toLifecycleStateDto(await this.lifecycle.position(caller, productRef(id)));
  }

  @Delete(':apiProductId/lifecycle-state/pending-tasks')
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'deleteAPIProductLifecycleStatePendingTasks' })
  async deleteAPIProductLifecycleStatePendingTasks(@Param('apiProductId') id: string, @Caller() caller: User): Promise<void> {
    await this.approvals.withdraw(caller, productRef(id));
  }
}
