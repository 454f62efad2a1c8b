import { Injectable } from '@nestjs/common';
import { PortalApisService } from '../../apis/portal/portal-apis.service.js';
import type { Application } from '../../domain/application.js';
import { Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { Tx } from '../../platform/database/transactions.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { INTERNAL_PLANS, mayUse, type ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import type { ArchivedSubscriptionDto } from './application-archives.dto.js';

/** A subscription of an archive, with the API's id where it exists here. */
export interface SubscriptionToRestore {
  readonly archived: ArchivedSubscriptionDto;
  readonly apiId: string | undefined;
}

type Plans = ReadonlyMap<string, ThrottlingPolicy>;

/** Subscribes applications as their archives say. */
@Injectable()
export class ApplicationSubscriptions {
  constructor(
    private readonly apis: PortalApisService,
    private readonly subscriptions: SubscriptionsService,
    private readonly reads: SubscriptionReads,
    private readonly policies: ThrottlingPoliciesService,
  ) {}

  /** The plans of the tenant, by name. */
  async plans(organization: string): Promise<Plans> {
    return new Map((await this.policies.list(organization, 'subscription')).map((plan) => [plan.name, plan]));
  }

  /** Gives those that could not be made, because the API is not here or not open to the owner under the plan. The transaction holds the application. */
  async restore(
    tx: Tx,
    owner: User,
    application: Application,
    wanted: readonly SubscriptionToRestore[],
    plans: Plans,
    isPlanFree: boolean,
  ): Promise<readonly SubscriptionToRestore[]> {
    const skipped: SubscriptionToRestore[] = [];
    const present = new Map((await this.reads.byApplication(owner.organization, application.id, tx.em)).map((one) => [one.apiId, one]));
    // APIs are locked one after the other: in one order, so that two imports wait for one another instead of for ever.
    const ordered = [...wanted].sort((a, b) => (a.apiId ?? '').localeCompare(b.apiId ?? ''));
    for (const one of ordered) {
      const { apiId, archived } = one;
      if (apiId === undefined) {
        skipped.push(one);
        continue;
      }
      try {
        const policy = await this.planOf(tx, owner, apiId, archived.throttlingPolicy ?? '', plans, isPlanFree);
        const known = present.get(apiId);
        // What is as the archive has it is left alone, whatever has become of the API.
        if (known?.policy === policy) continue;
        const made = known
          ? await this.subscriptions.move(tx, owner, application, known, policy, plans.get(policy))
          : await this.subscriptions.subscribe(
              tx,
              owner,
              application,
              { apiId, apiOrganization: owner.organization, policy },
              plans.get(policy),
            );
        present.set(apiId, made);
      } catch (err) {
        // Refusals come before anything is written.
        if (!(err instanceof Problem)) throw err;
        skipped.push(one);
      }
    }
    return skipped;
  }

  /** The plan of the archive, unless another one may take its place where the API does not offer it. */
  private async planOf(tx: Tx, owner: User, apiId: string, wanted: string, plans: Plans, isPlanFree: boolean): Promise<string> {
    if (!isPlanFree) return wanted;
    const { policies } = await this.apis.hold(tx, { organization: owner.organization, caller: owner }, apiId);
    const isOpen = (name: string) => {
      const plan = plans.get(name);
      return plan !== undefined && !INTERNAL_PLANS.has(name) && mayUse(plan, owner);
    };
    return policies.includes(wanted) && isOpen(wanted) ? wanted : (policies.find(isOpen) ?? wanted);
  }
}
