import type { SubscriptionState } from './gateway-documents.js';

/** An application's right to call an API under a business plan. */
export interface Subscription {
  readonly id: string;
  /** The application's. */
  readonly organization: string;
  /** The API's, which may be another tenant. */
  readonly apiOrganization: string;
  readonly apiId: string;
  readonly applicationId: string;
  /** The plan in force. */
  policy: string;
  /** The plan asked for; equals `policy` unless a change waits for approval. */
  requestedPolicy: string;
  state: SubscriptionState;
  readonly createdAt: Date;
  updatedAt: Date;
}

const SUBSCRIBABLE: ReadonlySet<string> = new Set(['PUBLISHED', 'PROTOTYPED']);
/** Credentials that name an application, without which a subscription means nothing. */
const APPLICATION_SCHEMES: ReadonlySet<string> = new Set(['oauth2', 'api_key']);

/** What subscribing needs to know of an API. */
export interface SubscribableApi {
  /** Life-cycle state in any letter case. */
  readonly status: string;
  readonly policies: readonly string[];
  readonly securityScheme: readonly string[];
  /** Whether people of the subscriber's tenant may subscribe. */
  readonly isOpen: boolean;
}

export type SubscriptionObstacle = 'state' | 'tenant' | 'security scheme' | 'plan not offered';

/** Why an API cannot be subscribed to with this plan; undefined when it can (`reference/devportal.md` §8). */
export const subscriptionObstacle = (api: SubscribableApi, policy: string): SubscriptionObstacle | undefined => {
  if (!SUBSCRIBABLE.has(api.status.toUpperCase())) return 'state';
  if (!api.isOpen) return 'tenant';
  if (!api.securityScheme.some((scheme) => APPLICATION_SCHEMES.has(scheme))) return 'security scheme';
  return api.policies.includes(policy) ? undefined : 'plan not offered';
};

const BLOCKED: ReadonlySet<SubscriptionState> = new Set<SubscriptionState>(['BLOCKED', 'PROD_ONLY_BLOCKED']);
const FROZEN: ReadonlySet<SubscriptionState> = new Set<SubscriptionState>(['BLOCKED', 'ON_HOLD', 'REJECTED', 'DELETE_PENDING']);

export const isBlocked = (subscription: Pick<Subscription, 'state'>): boolean => BLOCKED.has(subscription.state);

const DECIDED: ReadonlySet<SubscriptionState> = new Set<SubscriptionState>(['UNBLOCKED', ...BLOCKED]);

/** Whether publishers may block, unblock or move it to another plan: not while an approver's decision is awaited, nor after a rejection. */
export const isDecided = (subscription: Pick<Subscription, 'state'>): boolean => DECIDED.has(subscription.state);

/** A plan may be changed unless the subscription is blocked, waits for approval or was rejected. */
export const mayChangePlan = (subscription: Pick<Subscription, 'state'>): boolean => !FROZEN.has(subscription.state);

/** Whether it ever let calls through: one that waits for its first approval, or was refused it, did not. */
export const isGranted = ({ state }: Pick<Subscription, 'state'>): boolean => state !== 'ON_HOLD' && state !== 'REJECTED';
