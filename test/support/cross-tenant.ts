import { type Actor, expected } from './actor.js';
import type { Body } from './client.js';
import { eventually } from './eventually.js';
import { gateway } from './gateway.js';
import { type GivenApi, type GivenApplication, type GivenKeys, given } from './given.js';

export interface Subscription {
  readonly subscriptionId: string;
  readonly status: string;
  readonly apiId: string;
  readonly throttlingPolicy: string;
  readonly requestedThrottlingPolicy: string;
  readonly apiInfo: { readonly id: string; readonly isSubscriptionAvailable: boolean };
}

export interface SubscriptionList {
  readonly count: number;
  readonly list: readonly Subscription[];
}

/** Subscriptions as publishers see them. */
export interface PublisherList {
  readonly count: number;
  readonly list: readonly {
    readonly subscriptionId: string;
    readonly subscriptionStatus: string;
    readonly applicationInfo: Readonly<Record<string, unknown>>;
  }[];
}

/** Properties of an API that is open to everybody. */
export const ALL_TENANTS = { subscriptionAvailability: 'ALL_TENANTS' };
/** Properties of an API that is open to some tenants. */
export const only = (...tenants: readonly string[]) => ({
  subscriptionAvailability: 'SPECIFIC_TENANTS',
  subscriptionAvailableTenants: tenants,
});

/** A tenant with a published API that is open to others, and another tenant with an application. */
export const twoTenants = async (options: { readonly policies?: readonly string[]; readonly with?: Body } = {}) => {
  const provider = await given.organization();
  const consumer = await given.organization();
  const backend = await given.backend();
  const api = await given.publishedApi({ by: provider.admin, backend, with: ALL_TENANTS, ...options });
  const application = await given.application(consumer.admin, { description: 'Of somebody else' });
  const headers = { 'x-wso2-tenant': provider.domain };
  return { provider, consumer, backend, api, application, headers };
};

export type Tenants = Awaited<ReturnType<typeof twoTenants>>;

/** Subscribes as the developer portal does, which names the API’s tenant. */
export const subscribe = (
  by: Actor,
  { headers, api, application }: Pick<Tenants, 'headers' | 'api' | 'application'>,
  throttlingPolicy = 'Unlimited',
) =>
  by.devportal<Subscription>('POST /subscriptions', {
    headers,
    body: { apiId: api.id, applicationId: application.applicationId, throttlingPolicy },
  });

/** Production keys at a key manager of the tenant in the headers. */
export const keysAt = (
  by: Actor,
  { applicationId }: GivenApplication,
  headers: Record<string, string>,
  keyManager = 'Resident Key Manager',
) =>
  by.devportal<GivenKeys & { readonly token: { readonly accessToken: string } }>('POST /applications/{applicationId}/generate-keys', {
    path: { applicationId },
    headers,
    body: { keyType: 'PRODUCTION', keyManager, grantTypesToBeSupported: ['client_credentials', 'password', 'refresh_token'] },
  });

/** One call of the API at the gateway. */
export const call = ({ url }: GivenApi, token: string) => gateway(`${url}/x`, { token });
/** Calls until the answer has the status. */
export const answers = (api: GivenApi, token: string, status: number) =>
  eventually(
    () => call(api, token),
    (answer) => answer.status === status,
  );

/** All the way: subscribed, with keys of the API's tenant and a token that the gateway lets through. */
export const callingTenants = async (options: Parameters<typeof twoTenants>[0] = {}, plan = 'Unlimited') => {
  const tenants = await twoTenants(options);
  const subscription = expected(await subscribe(tenants.consumer.admin, tenants, plan), 201);
  const keys = expected(await keysAt(tenants.consumer.admin, tenants.application, tenants.headers), 200);
  const token = await given.applicationToken(keys);
  await answers(tenants.api, token, 200);
  return { ...tenants, subscription, keys, token };
};
