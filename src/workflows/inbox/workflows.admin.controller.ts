import { Body, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ADMIN_DESK, FOREIGN, WorkflowInbox } from './workflow-inbox.js';
import { WorkflowDto, WorkflowInfoDto, WorkflowListDto } from './workflows.dto.js';
import { OF_ANOTHER_TENANT, toWorkflowInfoDto, toWorkflowListDto } from './workflows.mapper.js';

const LISTED = [
  ...['AM_APPLICATION_CREATION', 'AM_SUBSCRIPTION_CREATION', 'AM_USER_SIGNUP', 'AM_APPLICATION_REGISTRATION_PRODUCTION'],
  ...['AM_APPLICATION_REGISTRATION_SANDBOX', 'AM_SUBSCRIPTION_DELETION', 'AM_APPLICATION_DELETION', 'AM_API_STATE'],
  ...['AM_API_PRODUCT_STATE', 'AM_REVISION_DEPLOYMENT'],
];

@AdminController('workflows')
export class WorkflowsAdminController {
  constructor(private readonly inbox: WorkflowInbox) {}

  @Get()
  @Scopes('apim:admin', 'apim:api_workflow_view')
  @ApiTags('Workflow (Collection)')
  @Paged()
  @ApiHeader({ name: 'Accept', required: false })
  @ApiQuery({ name: 'workflowType', required: false, schema: { type: 'string', enum: LISTED } })
  async list(@Caller() caller: User, @Page() window: PageQuery, @Query('workflowType') type: string | undefined): Promise<WorkflowListDto> {
    const { items, total } = await this.inbox.list(caller, ADMIN_DESK, { ...window, type });
    return toWorkflowListDto(items, total, window);
  }

  @Post('update-workflow-status')
  @Scopes('apim:admin', 'apim:api_workflow_approve')
  @ApiTags('Workflows (Individual)')
  @ApiQuery({ name: 'workflowReferenceId', required: true, type: String })
  @ApiOkResponse({ type: WorkflowDto })
  @HttpCode(200)
  async decide(
    @Caller() caller: User,
    @Query('workflowReferenceId') reference: string | undefined,
    @Body() decision: WorkflowDto,
  ): Promise<Reply<WorkflowDto>> {
    const foreign = await this.inbox.decide(caller, ADMIN_DESK, reference ?? '', decision);
    return foreign ? OF_ANOTHER_TENANT : new Reply(200, decision);
  }

  @Get(':externalWorkflowRef')
  @Scopes('apim:admin', 'apim:api_workflow_view')
  @ApiTags('Workflows (Individual)')
  @ApiOkResponse({ type: WorkflowInfoDto })
  async get(@Caller() caller: User, @Param('externalWorkflowRef') reference: string): Promise<Reply<WorkflowInfoDto>> {
    const workflow = await this.inbox.get(caller, ADMIN_DESK, reference);
    return workflow === FOREIGN ? OF_ANOTHER_TENANT : new Reply(200, toWorkflowInfoDto(workflow));
  }
}
