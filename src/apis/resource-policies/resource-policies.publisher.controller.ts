import { Body, Get, Param, Put, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ResourcePolicyInfoDto, ResourcePolicyListDto } from './resource-policies.dto.js';
import { toResourcePolicyInfoDto } from './resource-policies.mapper.js';
import { ResourcePoliciesService, type SequenceFilter } from './resource-policies.service.js';
import { type ResourcePolicyEntity, SEQUENCE_TYPES } from './resource-policy.entity.js';

@PublisherController('apis/:apiId/resource-policies', 'API Resource Policies')
export class ResourcePoliciesPublisherController {
  constructor(private readonly policies: ResourcePoliciesService) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIResourcePolicies' })
  @ApiQuery({ name: 'resourcePath', required: false, type: String })
  @ApiQuery({ name: 'verb', required: false, type: String })
  @ApiQuery({ name: 'sequenceType', required: true, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIResourcePolicies(
    @Param('apiId') apiId: string,
    @Query() query: Readonly<Record<string, unknown>>,
    @Caller() caller: User,
  ): Promise<ResourcePolicyListDto> {
    const list = (await this.policies.list(caller, apiRef(apiId), () => filterOf(query))).map(toResourcePolicyInfoDto);
    return { list, count: list.length };
  }

  @Get(':resourcePolicyId')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIResourcePoliciesByPolicyId' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIResourcePoliciesByPolicyId(
    @Param('apiId') apiId: string,
    @Param('resourcePolicyId') id: string,
    @Caller() caller: User,
  ): Promise<ResourcePolicyInfoDto> {
    return toResourcePolicyInfoDto(await this.policies.get(caller, apiRef(apiId), id));
  }

  @Put(':resourcePolicyId')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'updateAPIResourcePoliciesByPolicyId' })
  @ApiHeader({ name: 'If-Match', required: false })
  async updateAPIResourcePoliciesByPolicyId(
    @Param('apiId') apiId: string,
    @Param('resourcePolicyId') id: string,
    @IfMatch() precondition: Precondition,
    @Body() { content }: ResourcePolicyInfoDto,
    @Caller() caller: User,
  ): Promise<ResourcePolicyInfoDto> {
    const unchanged = (current: ResourcePolicyEntity) => precondition(toResourcePolicyInfoDto(current));
    return toResourcePolicyInfoDto(await this.policies.update(caller, apiRef(apiId), id, content ?? '', unchanged));
  }
}

/** @throws BadRequest for a sequence type that is missing or unknown, or a filter that is no text. */
const filterOf = ({ sequenceType, resourcePath, verb }: Readonly<Record<string, unknown>>): SequenceFilter => {
  const type = SEQUENCE_TYPES.find((known) => known === sequenceType);
  if (type === undefined) throw BadRequest('sequenceType should be in or out');
  return { sequenceType: type, ...textOf('resourcePath', resourcePath), ...textOf('verb', verb) };
};

const textOf = (name: 'resourcePath' | 'verb', value: unknown): Pick<SequenceFilter, 'resourcePath' | 'verb'> => {
  if (value === undefined || value === '') return {};
  if (typeof value !== 'string' || value.includes('\0')) throw BadRequest(`Invalid value for the query parameter ${name}`);
  return { [name]: value };
};
