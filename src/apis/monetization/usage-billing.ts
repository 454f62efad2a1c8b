import { Injectable } from '@nestjs/common';
import { UsageReads } from '../../analytics/usage-reads.js';
import type { Api } from '../../domain/api.js';
import type { Subscription } from '../../domain/subscription.js';
import { Log } from '../../platform/logging/log.js';
import { SubscriptionReads } from '../../subscriptions/subscription-reads.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';
import { cycleStart, type Price, priceOf, times } from './billing.js';
import { type BillingFacts, MonetizationProvider, type UsageReport } from './monetization-provider.js';

/** The provider that comes with the server: it charges nobody, and tells what is due from the subscriptions and the usage the gateways reported. */
@Injectable()
export class UsageBilling extends MonetizationProvider {
  constructor(
    private readonly usage: UsageReads,
    private readonly subscriptions: SubscriptionReads,
    private readonly log: Log,
  ) {
    super();
  }

  /** Nothing to prepare: prices are read from the plans when they are needed. */
  async enable(): Promise<void> {}

  async disable(): Promise<void> {}

  async planIds(_api: Api, plans: readonly ThrottlingPolicy[]): Promise<Readonly<Record<string, string>>> {
    return Object.fromEntries(plans.map(({ name, id }) => [name, id]));
  }

  async revenue({ organization, id }: Api, plans: readonly ThrottlingPolicy[]): Promise<BillingFacts> {
    const now = new Date();
    const subscribed = await this.subscriptions.byApi(organization, id);
    const facts: Record<string, string> = {};
    for (const plan of plans) {
      const price = priceOf(plan);
      if (price === null) continue;
      const since = cycleStart(now, price.billingCycle);
      const count =
        price.kind === 'FIXEDRATE'
          ? subscribed.filter(({ policy }) => policy === plan.name).length
          : await this.usage.admitted(organization, { apiId: id, plan: plan.name, since });
      facts[plan.name] = amount(price, count);
      facts[`${plan.name} since`] = since.toISOString();
    }
    return facts;
  }

  /** Its own bills are made of the usage itself: the reports go to the log, where whoever charges the subscribers can collect them. */
  async publish(reports: readonly UsageReport[]): Promise<void> {
    for (const report of reports) this.log.info({ ...report }, 'usage of a paid plan');
  }

  async invoice({ apiOrganization, apiId, id: subscriptionId }: Subscription, plan: ThrottlingPolicy): Promise<BillingFacts> {
    const price = priceOf(plan);
    if (price === null) return {};
    const since = cycleStart(new Date(), price.billingCycle);
    const requests = await this.usage.admitted(apiOrganization, { apiId, plan: plan.name, since, subscriptionId });
    return {
      plan: plan.name,
      since: since.toISOString(),
      requests: String(requests),
      amount: amount(price, price.kind === 'FIXEDRATE' ? 1 : requests),
    };
  }
}

const amount = (price: Price, count: number): string => `${times(price.amount, count)} ${price.currency}`.trim();
