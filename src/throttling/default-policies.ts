import { type PolicyLevel, type Quota, UNLIMITED, UNLIMITED_COUNT } from '../domain/throttling.js';
import { EVERYBODY, type Plan, type PolicyContent } from './throttling-policy.js';

/** The plan part of the shipped policies: free, open to everybody. */
const FREE_PLAN: Plan = {
  billingPlan: 'FREE',
  monetization: null,
  customAttributes: [],
  graphQLMaxComplexity: 0,
  graphQLMaxDepth: 0,
  subscriberCount: 0,
  permissions: EVERYBODY,
};

const policy = (name: string, description: string, quota: Quota): PolicyContent => ({
  name,
  displayName: name,
  description,
  quota,
  burst: null,
  stopOnQuotaReach: true,
  plan: null,
  conditionalGroups: [],
});

const perMinute = (count: number): Quota => ({ type: 'REQUESTCOUNTLIMIT', timeUnit: 'min', unitTime: 1, count });
const events = (timeUnit: string, count: number): Quota => ({ type: 'EVENTCOUNTLIMIT', timeUnit, unitTime: 1, count });

const requests = (name: string, count: number) => policy(name, `Allows ${count} requests per minute`, perMinute(count));
const unlimited = policy(UNLIMITED, 'Allows unlimited requests', perMinute(UNLIMITED_COUNT));

const plan = (content: PolicyContent, subscriberCount = 0): PolicyContent => ({ ...content, plan: { ...FREE_PLAN, subscriberCount } });

const aiPlan = (name: string, count: number, totalTokens: number) =>
  plan(
    policy(name, `Allows ${count} requests and ${totalTokens} tokens per minute`, {
      type: 'AIAPIQUOTALIMIT',
      timeUnit: 'min',
      unitTime: 1,
      count,
      totalTokens,
      promptTokens: 0,
      completionTokens: 0,
    }),
  );

const eventPlan = (name: string, count: number) => plan(policy(name, `Allows ${count} events per day`, events('days', count)));

const webhookPlan = (name: string, count: number, subscribers: number) =>
  plan(policy(name, `Allows ${count} events per month and ${subscribers} active subscribers`, events('month', count)), subscribers);

/** What every tenant starts with (`reference/throttling.md` §3). */
export const DEFAULT_POLICIES: Readonly<Record<PolicyLevel, readonly PolicyContent[]>> = {
  application: [requests('10PerMin', 10), requests('20PerMin', 20), requests('50PerMin', 50), unlimited],
  subscription: [
    plan(requests('Bronze', 1_000)),
    plan(requests('Silver', 2_000)),
    plan(requests('Gold', 5_000)),
    plan(unlimited),
    plan(requests('Unauthenticated', 500)),
    plan(requests('DefaultSubscriptionless', 100_000)),
    aiPlan('AIBronze', 10, 1_000),
    aiPlan('AISilver', 100, 10_000),
    aiPlan('AIGold', 500, 50_000),
    eventPlan('AsyncBronze', 5_000),
    eventPlan('AsyncSilver', 25_000),
    eventPlan('AsyncGold', 50_000),
    eventPlan('AsyncDefaultSubscriptionless', 10_000),
    plan(policy('AsyncUnlimited', 'Allows unlimited events', events('days', UNLIMITED_COUNT))),
    webhookPlan('AsyncWHBronze', 1_000, 100),
    webhookPlan('AsyncWHSilver', 5_000, 500),
    webhookPlan('AsyncWHGold', 10_000, 1_000),
    plan(policy('AsyncWHUnlimited', 'Allows unlimited events and subscribers', events('month', UNLIMITED_COUNT))),
  ],
  advanced: [requests('10KPerMin', 10_000), requests('20KPerMin', 20_000), requests('50KPerMin', 50_000), unlimited],
};
