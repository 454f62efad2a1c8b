import { Get, Param, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ThrottlingPolicyDto } from '../../throttling/dto/throttling-policy.publisher.dto.js';
import { toPublisherPolicy } from '../../throttling/portal-policies.mapper.js';
import { ApiPlans } from './api-plans.js';

@PublisherController('apis', 'APIs')
export class ApiPoliciesPublisherController {
  constructor(private readonly plans: ApiPlans) {}

  /** A list, although the contract speaks of one policy: an API has several. */
  @Get(':apiId/subscription-policies')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPISubscriptionPolicies' })
  @ApiOkResponse({ type: ThrottlingPolicyDto })
  @ApiQuery({ name: 'isAiApi', required: false, schema: { type: 'boolean', default: false } })
  @ApiQuery({ name: 'organizationID', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPISubscriptionPolicies(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Query('isAiApi') isAiApi: string | undefined,
    @Query('organizationID') consumerOrganization: string | undefined,
  ): Promise<readonly ThrottlingPolicyDto[]> {
    const asked = { isAiApi: isAiApi === 'true', consumerOrganization };
    return (await this.plans.inPublisher(caller, apiId, asked)).map(toPublisherPolicy);
  }
}
