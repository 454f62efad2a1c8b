import { Get, Param } from '@nestjs/common';
import { ApiHeader, ApiOkResponse } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { DevportalThrottlingPolicyDto } from '../../throttling/dto/throttling-policy.devportal.dto.js';
import { toDevportalPolicy } from '../../throttling/portal-policies.mapper.js';
import { ApiPlans } from './api-plans.js';

@DevportalController('apis', 'APIs')
export class ApiPoliciesDevportalController {
  constructor(private readonly plans: ApiPlans) {}

  /** A list, as in the publisher, of the plans that are open to the caller. */
  @Get(':apiId/subscription-policies')
  @Anonymous()
  @ApiOkResponse({ type: DevportalThrottlingPolicyDto })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getSubscriptionPolicies(
    @Param('apiId') apiId: string,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<readonly DevportalThrottlingPolicyDto[]> {
    const plans = await this.plans.inPortal({ organization, caller }, apiId);
    return plans.map((plan) => toDevportalPolicy(plan, 'subscription'));
  }
}
