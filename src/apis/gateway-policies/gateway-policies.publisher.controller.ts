import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { ALL, Page, PagedUpToAll, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import {
  GatewayPolicyDeploymentDto,
  GatewayPolicyMappingDataListDto,
  GatewayPolicyMappingInfoDto,
  GatewayPolicyMappingsDto,
} from './gateway-policies.dto.js';
import {
  fromFlowsDto,
  toGatewayPolicyDeploymentInfoDto,
  toGatewayPolicyInfoDto,
  toGatewayPolicyMappingsDto,
} from './gateway-policies.mapper.js';
import { GatewayPoliciesService, type GatewayPolicyContent, type LabelTarget } from './gateway-policies.service.js';

const VIEW = ['apim:gateway_policy_view', 'apim:gateway_policy_manage'] as const;
const MANAGE = 'apim:gateway_policy_manage';

@PublisherController('gateway-policies', 'Gateway Policies')
export class GatewayPoliciesPublisherController {
  constructor(private readonly policies: GatewayPoliciesService) {}

  @Get()
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getAllGatewayPolicies' })
  @PagedUpToAll()
  @ApiQuery({ name: 'query', required: false, type: String })
  async getAllGatewayPolicies(
    @Page(ALL) window: PageQuery,
    @Query('query') query: unknown,
    @Caller() caller: User,
  ): Promise<GatewayPolicyMappingDataListDto> {
    const { items, total } = await this.policies.list(caller.organization, labelIn(query), window);
    return page(items.map(toGatewayPolicyDeploymentInfoDto), total, window);
  }

  @Post()
  @Scopes(MANAGE)
  @ApiOperation({ operationId: 'addGatewayPoliciesToFlows' })
  @ApiCreatedResponse({ type: GatewayPolicyMappingInfoDto })
  async addGatewayPoliciesToFlows(
    @Body() body: GatewayPolicyMappingsDto,
    @Caller() caller: User,
  ): Promise<Reply<GatewayPolicyMappingInfoDto>> {
    const mapping = await this.policies.create(caller.organization, contentOf(body));
    return created(`/gateway-policies/${mapping.id}`, toGatewayPolicyInfoDto(mapping));
  }

  @Get(':gatewayPolicyMappingId')
  @Scopes(...VIEW)
  @ApiOperation({ operationId: 'getGatewayPolicyMappingContentByPolicyMappingId' })
  async getGatewayPolicyMappingContentByPolicyMappingId(
    @Param('gatewayPolicyMappingId') id: string,
    @Caller() caller: User,
  ): Promise<GatewayPolicyMappingsDto> {
    return toGatewayPolicyMappingsDto(await this.policies.get(caller.organization, id));
  }

  @Put(':gatewayPolicyMappingId')
  @Scopes(MANAGE)
  @ApiOperation({ operationId: 'updateGatewayPoliciesToFlows' })
  async updateGatewayPoliciesToFlows(
    @Param('gatewayPolicyMappingId') id: string,
    @Body() body: GatewayPolicyMappingsDto,
    @Caller() caller: User,
  ): Promise<GatewayPolicyMappingsDto> {
    return toGatewayPolicyMappingsDto(await this.policies.update(caller.organization, id, contentOf(body)));
  }

  @Delete(':gatewayPolicyMappingId')
  @Scopes(MANAGE)
  @ApiOperation({ operationId: 'deleteGatewayPolicyByPolicyId' })
  async deleteGatewayPolicyByPolicyId(@Param('gatewayPolicyMappingId') id: string, @Caller() caller: User): Promise<void> {
    await this.policies.remove(caller.organization, id);
  }

  @Post(':gatewayPolicyMappingId/deploy')
  @Scopes(MANAGE)
  @ApiOperation({ operationId: 'engageGlobalPolicy' })
  @ApiBody({ type: [GatewayPolicyDeploymentDto] })
  @ApiOkResponse({ type: [GatewayPolicyDeploymentDto] })
  @HttpCode(200)
  async engageGlobalPolicy(
    @Param('gatewayPolicyMappingId') id: string,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<GatewayPolicyDeploymentDto[]> {
    const targets = await targetsOf(body);
    await this.policies.deploy(caller.organization, id, targets.map(targetOf));
    return targets.map(({ gatewayLabel, gatewayDeployment }) => ({ gatewayLabel, gatewayDeployment, mappingUUID: id }));
  }
}

const contentOf = ({ displayName, description, policyMapping }: GatewayPolicyMappingsDto): GatewayPolicyContent => ({
  displayName,
  description: description ?? '',
  flows: fromFlowsDto(policyMapping),
});

const targetOf = ({ gatewayLabel, gatewayDeployment, mappingUUID }: GatewayPolicyDeploymentDto): LabelTarget => ({
  label: gatewayLabel,
  deployed: gatewayDeployment,
  mappingId: mappingUUID || null,
});

/** @throws BadRequest for a body that is no list of deployments. */
const targetsOf = async (body: unknown): Promise<readonly GatewayPolicyDeploymentDto[]> => {
  if (!Array.isArray(body)) throw BadRequest('One or more request body parameters contain disallowed values.');
  return Promise.all(body.map((item: unknown) => validateAs(GatewayPolicyDeploymentDto, item)));
};

/** @throws BadRequest for anything but `gatewayLabel:<name>`. */
const labelIn = (query: unknown): string | undefined => {
  if (query === undefined || query === '') return undefined;
  const [, label] = /^\s*gatewayLabel:\s*"?([^"\0]+?)"?\s*$/.exec(typeof query === 'string' ? query : '') ?? [];
  if (label === undefined) throw BadRequest('The query supports the modifier gatewayLabel: only');
  return label;
};
