import { Delete, Get, Param, Post, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { anyRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import { ApiPoliciesService } from './api-policies.service.js';
import { OperationPolicyDataDto, OperationPolicyDataListDto, OperationPolicyForm } from './operation-policies.dto.js';
import { toOperationPolicyDataDto } from './operation-policies.mapper.js';
import { archiveReply, POLICY_PARTS, uploadedPolicy } from './policy-upload.js';

const VIEW = [
  'apim:api_view',
  'apim:api_manage',
  'apim:mediation_policy_view',
  'apim:mediation_policy_manage',
  'apim:api_mediation_policy_manage',
] as const;
const CHANGE = [
  'apim:api_manage',
  'apim:mediation_policy_create',
  'apim:mediation_policy_manage',
  'apim:api_mediation_policy_manage',
] as const;

@PublisherController('apis/:apiId/operation-policies', 'API Operation Policies')
export class ApiOperationPoliciesPublisherController {
  constructor(private readonly policies: ApiPoliciesService) {}

  @Get()
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getAllAPISpecificOperationPolicies' })
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  async getAllAPISpecificOperationPolicies(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<OperationPolicyDataListDto> {
    const { items, total } = await this.policies.list(caller, anyRef(apiId), window);
    return page(items.map(toOperationPolicyDataDto), total, window);
  }

  @Post()
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'addAPISpecificOperationPolicy' })
  @ApiCreatedResponse({ type: OperationPolicyDataDto })
  @Upload(...POLICY_PARTS)
  @ApiBody({ type: OperationPolicyForm })
  async addAPISpecificOperationPolicy(
    @Param('apiId') apiId: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<Reply<OperationPolicyDataDto>> {
    const policy = await this.policies.create(caller, anyRef(apiId), () => uploadedPolicy(files, 'api'));
    return created(`/apis/${apiId}/operation-policies/${policy.id}`, toOperationPolicyDataDto(policy));
  }

  @Get(':operationPolicyId')
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getOperationPolicyForAPIByPolicyId' })
  async getOperationPolicyForAPIByPolicyId(
    @Param('apiId') apiId: string,
    @Param('operationPolicyId') id: string,
    @Caller() caller: User,
  ): Promise<OperationPolicyDataDto> {
    return toOperationPolicyDataDto(await this.policies.get(caller, anyRef(apiId), id));
  }

  @Delete(':operationPolicyId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'deleteAPISpecificOperationPolicyByPolicyId' })
  async deleteAPISpecificOperationPolicyByPolicyId(
    @Param('apiId') apiId: string,
    @Param('operationPolicyId') id: string,
    @Caller() caller: User,
  ): Promise<void> {
    await this.policies.remove(caller, anyRef(apiId), id);
  }

  @Get(':operationPolicyId/content')
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getAPISpecificOperationPolicyContentByPolicyId' })
  @ApiProduces('application/zip')
  async getAPISpecificOperationPolicyContentByPolicyId(
    @Param('apiId') apiId: string,
    @Param('operationPolicyId') id: string,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return archiveReply(await this.policies.get(caller, anyRef(apiId), id), 'YAML');
  }
}
