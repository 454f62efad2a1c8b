import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { DecisionMissing, StatusMissing } from '../workflows.problems.js';
import { FOREIGN, PUBLISHER_DESK, WorkflowInbox } from './workflow-inbox.js';
import { PublisherWorkflowInfoDto, PublisherWorkflowListDto, WorkflowDto } from './workflows.dto.js';
import { OF_ANOTHER_TENANT, toWorkflowInfoDto, toWorkflowListDto } from './workflows.mapper.js';

@PublisherController('workflows')
export class WorkflowsPublisherController {
  constructor(private readonly inbox: WorkflowInbox) {}

  @Get()
  @Scopes('apim:subscription_approval_view')
  @ApiTags('Workflow (Collection)')
  @Paged()
  @ApiHeader({ name: 'Accept', required: false })
  @ApiQuery({
    name: 'workflowType',
    required: false,
    schema: { type: 'string', enum: PUBLISHER_DESK.types.map((type) => `AM_${type}`) },
  })
  @ApiOkResponse({ type: PublisherWorkflowListDto })
  async list(
    @Caller() caller: User,
    @Page() window: PageQuery,
    @Query('workflowType') type: string | undefined,
  ): Promise<PublisherWorkflowListDto> {
    const { items, total } = await this.inbox.list(caller, PUBLISHER_DESK, { ...window, type });
    return toWorkflowListDto(items, total, window);
  }

  @Post('update-workflow-status')
  @Scopes('apim:subscription_approval_view', 'apim:subscription_approval_manage')
  @ApiTags('Workflows (Individual)')
  @ApiQuery({ name: 'workflowReferenceId', required: true, type: String })
  @ApiBody({ type: WorkflowDto })
  @ApiOkResponse({ type: WorkflowDto })
  @HttpCode(200)
  async decide(
    @Caller() caller: User,
    @Query('workflowReferenceId') reference: string | undefined,
    @Body() body: unknown,
  ): Promise<Reply<WorkflowDto>> {
    const decision = await decisionOf(body);
    const foreign = await this.inbox.decide(caller, PUBLISHER_DESK, reference ?? '', decision);
    return foreign ? OF_ANOTHER_TENANT : new Reply(200, decision);
  }

  @Get(':externalWorkflowRef')
  @Scopes('apim:subscription_approval_view')
  @ApiTags('Workflows (Individual)')
  @ApiOkResponse({ type: PublisherWorkflowInfoDto })
  async get(@Caller() caller: User, @Param('externalWorkflowRef') reference: string): Promise<Reply<PublisherWorkflowInfoDto>> {
    const workflow = await this.inbox.get(caller, PUBLISHER_DESK, reference);
    return workflow === FOREIGN ? OF_ANOTHER_TENANT : new Reply(200, toWorkflowInfoDto(workflow));
  }
}

/** The publisher has codes of its own for what is missing. @throws DecisionMissing, StatusMissing (400). */
const decisionOf = async (body: unknown): Promise<WorkflowDto> => {
  if (body === undefined || body === null) throw DecisionMissing();
  if (typeof body === 'object' && !('status' in body && body.status)) throw StatusMissing();
  return validateAs(WorkflowDto, body);
};
