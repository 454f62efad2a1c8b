/** The hidden plans of APIs that need no subscription, for request-response and for streaming types (`reference/publisher.md` §11). */
export const DEFAULT_SUBSCRIPTIONLESS = 'DefaultSubscriptionless';
export const ASYNC_DEFAULT_SUBSCRIPTIONLESS = 'AsyncDefaultSubscriptionless';

const SUBSCRIPTIONLESS_POLICIES: readonly string[] = [DEFAULT_SUBSCRIPTIONLESS, ASYNC_DEFAULT_SUBSCRIPTIONLESS];

export const isSubscriptionlessPolicy = (policy: string): boolean => SUBSCRIPTIONLESS_POLICIES.includes(policy);

/** Whether any valid token may call an API with these plans: it has plans, and they are all hidden ones. */
export const isSubscriptionless = (policies: readonly string[]): boolean => policies.length > 0 && policies.every(isSubscriptionlessPolicy);
