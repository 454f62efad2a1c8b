import { Injectable } from '@nestjs/common';
import { type Api, anyRef, apiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { Subscription } from '../../domain/subscription.js';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Transactions } from '../../platform/database/transactions.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import { ApisForChange } from '../apis-for-change.js';
import { priceOf } from './billing.js';
import { MonetizationRefused, SubscriptionUnknown } from './monetization.problems.js';
import { type BillingFacts, MonetizationProvider } from './monetization-provider.js';

/** Whether and how an API is paid for. */
export interface Monetization {
  readonly enabled: boolean;
  readonly properties: BillingFacts;
}

/** Paid APIs (`reference/publisher.md` §18). All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class MonetizationService {
  constructor(
    private readonly apis: ApisForChange,
    private readonly policies: ThrottlingPoliciesService,
    private readonly subscriptions: SubscriptionReads,
    private readonly tenants: TenantConfigs,
    private readonly provider: MonetizationProvider,
    private readonly transactions: Transactions,
  ) {}

  /** Turns monetization of a published API with commercial plans on or off. @throws MonetizationRefused (400). */
  async configure(caller: User, apiId: string, wanted: Monetization): Promise<void> {
    const api = await this.apis.read(caller, apiRef(apiId));
    if (wanted.enabled) await this.check(api, wanted);
    // The provider may be somebody else's service: it is told first, outside of any transaction, and told again when the change is repeated.
    if (wanted.enabled) await this.provider.enable(api, await this.commercialPlans(api), wanted.properties);
    else await this.provider.disable(api);
    await this.transactions.run(async (tx) => {
      const current = await this.apis.lock(tx, caller, apiRef(apiId));
      if (current.status !== 'PUBLISHED') throw notPublished(apiId);
      const details = { ...current.details, monetization: { enabled: wanted.enabled, properties: wanted.properties } };
      const updatedAt = new Date(Math.max(Date.now(), current.updatedAt.getTime() + 1));
      await tx.em.save(Object.assign(current, { details, updatedAt, updatedBy: shownName(caller) }));
    });
  }

  async get(caller: User, apiId: string): Promise<Monetization & { readonly monetizedPolicies: Readonly<Record<string, string>> }> {
    const api = await this.apis.read(caller, apiRef(apiId));
    const monetization = monetizationOf(api);
    const monetizedPolicies = monetization.enabled ? await this.provider.planIds(api, await this.commercialPlans(api)) : {};
    return { ...monetization, monetizedPolicies };
  }

  /** @throws MonetizationRefused (400) for an API that is not monetized. */
  async revenue(caller: User, apiId: string): Promise<BillingFacts> {
    const api = await this.apis.read(caller, apiRef(apiId));
    checkMonetized(api);
    return this.provider.revenue(api, await this.commercialPlans(api));
  }

  /** The pending invoice of a subscription. @throws SubscriptionUnknown (404), MonetizationRefused (400) where nothing is billed. */
  async usage(caller: User, subscriptionId: string): Promise<BillingFacts> {
    const subscription = found(await this.subscriptions.byId(caller.organization, subscriptionId), SubscriptionUnknown, subscriptionId);
    return this.invoice(await this.apis.read(caller, anyRef(subscription.apiId)), subscription);
  }

  /** As {@link usage}, for whoever may see the subscription: its own subscriber. */
  async invoice(api: Api, subscription: Subscription): Promise<BillingFacts> {
    checkMonetized(api);
    const plan = await this.policies.find(api.organization, 'subscription', subscription.policy);
    if (plan === undefined || priceOf(plan) === null) throw MonetizationRefused(`The plan ${subscription.policy} is free.`);
    return this.provider.invoice(subscription, plan);
  }

  private async check(api: Api, { properties }: Monetization): Promise<void> {
    if (api.status !== 'PUBLISHED') throw notPublished(api.id);
    if (Object.keys(properties).length === 0) throw MonetizationRefused(`Monetization properties are empty for API ID ${api.id}`);
    if ((await this.tenants.of(api.organization))['EnableMonetization'] !== true) {
      throw MonetizationRefused('EnableMonetization is not set in the configuration of the tenant.');
    }
    if ((await this.commercialPlans(api)).length === 0) throw MonetizationRefused(`API ${api.id} has no commercial plan with a price.`);
  }

  /** Those of the API's plans that cost something. */
  private async commercialPlans(api: Api): Promise<readonly ThrottlingPolicy[]> {
    const plans = await this.policies.list(api.organization, 'subscription');
    return plans.filter((plan) => api.policies.includes(plan.name) && priceOf(plan) !== null);
  }
}

const notPublished = (apiId: string) => MonetizationRefused(`API ${apiId} should be in PUBLISHED state.`);

const checkMonetized = (api: Api): void => {
  if (!monetizationOf(api).enabled) throw MonetizationRefused(`Monetization is not enabled for API ${api.id}.`);
};

/** What was stored came in through a validated body, which does not check the values of the map. */
const monetizationOf = ({ details: { monetization } }: Api): Monetization => ({
  enabled: monetization?.['enabled'] === true,
  properties: Object.fromEntries(Object.entries(monetization?.['properties'] ?? {}).map(([name, value]) => [name, String(value)])),
});
