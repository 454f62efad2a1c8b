import type { Api } from '../../domain/api.js';
import type { Subscription } from '../../domain/subscription.js';
import type { ThrottlingPolicy } from '../../throttling/throttling-policy.js';

/** Named amounts and dates, as texts for people. */
export type BillingFacts = Readonly<Record<string, string>>;

/** How much a subscription to a plan with a price per request was used on one day. */
export interface UsageReport {
  readonly organization: string;
  readonly apiId: string;
  readonly subscriptionId: string;
  readonly applicationId: string;
  readonly plan: string;
  /** In UTC, as `2026-11-22`. */
  readonly day: string;
  /** Those that no report told of before. */
  readonly requests: number;
  /** All of the day that are known so far. A report that may have arrived already is told apart by it. */
  readonly total: number;
}

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
  /** Takes reports of usage; what it throws is reported again. Never called inside a transaction. */
  abstract publish(reports: readonly UsageReport[]): Promise<void>;
}
