import { Delete, Get, Param, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { ALL, Page, PagedUpToAll, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import { OperationPolicyDataDto, OperationPolicyDataListDto, OperationPolicyForm } from './operation-policies.dto.js';
import { toOperationPolicyDataDto } from './operation-policies.mapper.js';
import { OperationPoliciesService } from './operation-policies.service.js';
import { policyFilterOf } from './policy-query.js';
import { archiveReply, POLICY_PARTS, uploadedPolicy } from './policy-upload.js';

const VIEW = ['apim:common_operation_policy_view', 'apim:common_operation_policy_manage'] as const;
const IMPORT_EXPORT = 'apim:policies_import_export';

@PublisherController('operation-policies', 'Operation Policies')
export class OperationPoliciesPublisherController {
  constructor(private readonly policies: OperationPoliciesService) {}

  @Get()
  @Scopes(...VIEW, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'getAllCommonOperationPolicies' })
  @PagedUpToAll()
  @ApiQuery({ name: 'query', required: false, type: String })
  async getAllCommonOperationPolicies(
    @Page(ALL) window: PageQuery,
    @Query('query') query: unknown,
    @Caller() caller: User,
  ): Promise<OperationPolicyDataListDto> {
    const { items, total } = await this.policies.list(caller.organization, policyFilterOf(query), window);
    return page(items.map(toOperationPolicyDataDto), total, window);
  }

  @Post()
  @Scopes('apim:common_operation_policy_manage')
  @ApiOperation({ operationId: 'addCommonOperationPolicy' })
  @ApiCreatedResponse({ type: OperationPolicyDataDto })
  @Upload(...POLICY_PARTS)
  @ApiBody({ type: OperationPolicyForm })
  async addCommonOperationPolicy(
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<Reply<OperationPolicyDataDto>> {
    const policy = await this.policies.create(caller.organization, uploadedPolicy(files, 'common'));
    return created(`/operation-policies/${policy.id}`, toOperationPolicyDataDto(policy));
  }

  @Get(':operationPolicyId')
  @Scopes(...VIEW, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'getCommonOperationPolicyByPolicyId' })
  async getCommonOperationPolicyByPolicyId(
    @Param('operationPolicyId') id: string,
    @Caller() caller: User,
  ): Promise<OperationPolicyDataDto> {
    return toOperationPolicyDataDto(await this.policies.get(caller.organization, id));
  }

  @Delete(':operationPolicyId')
  @Scopes('apim:common_operation_policy_manage', IMPORT_EXPORT)
  @ApiOperation({ operationId: 'deleteCommonOperationPolicyByPolicyId' })
  async deleteCommonOperationPolicyByPolicyId(@Param('operationPolicyId') id: string, @Caller() caller: User): Promise<void> {
    await this.policies.remove(caller.organization, id);
  }

  @Get(':operationPolicyId/content')
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getCommonOperationPolicyContentByPolicyId' })
  @ApiProduces('application/zip')
  async getCommonOperationPolicyContentByPolicyId(@Param('operationPolicyId') id: string, @Caller() caller: User): Promise<Reply<string>> {
    return archiveReply(await this.policies.get(caller.organization, id), 'YAML');
  }
}
