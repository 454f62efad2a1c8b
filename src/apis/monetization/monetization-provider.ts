import type { Api } from '../../domain/api.js';
import type { Subscription } from '../../domain/subscription.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';

/** Named amounts and dates, as texts for people. */
export type BillingFacts = Readonly<Record<string, string>>;

/** Where an API's plans are billed. A billing service of somebody else's is another implementation. */
export abstract class MonetizationProvider {
  /** Prepares to bill the commercial plans of an API; called before the API is marked as monetized. */
  abstract enable(api: Api, plans: readonly ThrottlingPolicy[], properties: BillingFacts): Promise<void>;
  abstract disable(api: Api): Promise<void>;
  /** What the provider calls each of the commercial plans, by the plan's name. */
  abstract planIds(api: Api, plans: readonly ThrottlingPolicy[]): Promise<Readonly<Record<string, string>>>;
  /** What the API earned in the running billing cycles. */
  abstract revenue(api: Api, plans: readonly ThrottlingPolicy[]): Promise<BillingFacts>;
  /** The pending invoice of a subscription to a commercial plan. */
  abstract invoice(subscription: Subscription, plan: ThrottlingPolicy): Promise<BillingFacts>;
}
