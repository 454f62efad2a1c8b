import { Injectable } from '@nestjs/common';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { isInternal, mayUse, type ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import { ApisForChange } from '../apis-for-change.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import type { Viewer } from '../portal/portal-sight.js';

/** Which of an API's plans a publisher asks for. */
export interface PlanQuestion {
  /** Plans that count tokens of AI models, instead of all others. */
  readonly isAiApi: boolean;
  /** The consumer organization whose plans are meant; it may have its own. */
  readonly consumerOrganization: string | undefined;
}

/** The plans an API offers, those the server assigns by itself left out. */
@Injectable()
export class ApiPlans {
  constructor(
    private readonly apis: ApisForChange,
    private readonly portal: PortalApisService,
    private readonly policies: ThrottlingPoliciesService,
  ) {}

  /** By name. @throws ApiNotFound (404), Forbidden (403). */
  async inPublisher(caller: User, apiId: string, { isAiApi, consumerOrganization }: PlanQuestion): Promise<readonly ThrottlingPolicy[]> {
    const { organization, policies, details } = await this.apis.read(caller, apiRef(apiId));
    const own = details.organizationPolicies.find(({ organizationID }) => organizationID === consumerOrganization)?.policies;
    const plans = await this.named(organization, own ?? policies);
    return plans.filter(({ quota }) => (quota.type === 'AIAPIQUOTALIMIT') === isAiApi);
  }

  /** By name, as far as the viewer's roles open them. @throws ApiNotFound (404), Forbidden (403). */
  async inPortal(viewer: Viewer, apiId: string): Promise<readonly ThrottlingPolicy[]> {
    const { organization, policies } = await this.portal.readable(viewer, apiId);
    return (await this.named(organization, policies)).filter((plan) => mayUse(plan, viewer.caller));
  }

  private async named(organization: string, names: readonly string[]): Promise<readonly ThrottlingPolicy[]> {
    const plans = await this.policies.list(organization, 'subscription');
    return plans.filter((plan) => names.includes(plan.name) && !isInternal(plan));
  }
}
