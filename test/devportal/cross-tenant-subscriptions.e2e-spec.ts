import { OwnedByAnother } from '../../src/keys/registration/client-registration.problems.js';
import { PlanNotAllowed, TenantNotSubscribable } from '../../src/subscriptions/subscriptions.problems.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import { TOKENS_AND_KEYS } from '../support/api-keys.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, type GivenApplication, type GivenKeys, given } from '../support/given.js';
import { decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Subscription {
  readonly subscriptionId: string;
  readonly status: string;
  readonly apiId: string;
  readonly throttlingPolicy: string;
  readonly requestedThrottlingPolicy: string;
  readonly apiInfo: { readonly id: string; readonly isSubscriptionAvailable: boolean };
}

interface SubscriptionList {
  readonly count: number;
  readonly list: readonly Subscription[];
}

interface PublisherList {
  readonly count: number;
  readonly list: readonly {
    readonly subscriptionId: string;
    readonly subscriptionStatus: string;
    readonly applicationInfo: Readonly<Record<string, unknown>>;
  }[];
}

const ONE = 'GET /subscriptions/{subscriptionId}';
const ALL_TENANTS = { subscriptionAvailability: 'ALL_TENANTS' };
const only = (...tenants: readonly string[]) => ({ subscriptionAvailability: 'SPECIFIC_TENANTS', subscriptionAvailableTenants: tenants });

/** A tenant with a published API that is open to others, and another tenant with an application. */
const twoTenants = async (options: { readonly policies?: readonly string[]; readonly with?: Body } = {}) => {
  const provider = await given.organization();
  const consumer = await given.organization();
  const backend = await given.backend();
  const api = await given.publishedApi({ by: provider.admin, backend, with: ALL_TENANTS, ...options });
  const application = await given.application(consumer.admin, { description: 'Of somebody else' });
  const headers = { 'x-wso2-tenant': provider.domain };
  return { provider, consumer, backend, api, application, headers };
};

type Tenants = Awaited<ReturnType<typeof twoTenants>>;

const subscribe = (
  by: Actor,
  { headers, api, application }: Pick<Tenants, 'headers' | 'api' | 'application'>,
  throttlingPolicy = 'Unlimited',
) =>
  by.devportal<Subscription>('POST /subscriptions', {
    headers,
    body: { apiId: api.id, applicationId: application.applicationId, throttlingPolicy },
  });

const keysAt = (by: Actor, { applicationId }: GivenApplication, headers: Record<string, string>, keyManager = 'Resident Key Manager') =>
  by.devportal<GivenKeys & { readonly token: { readonly accessToken: string } }>('POST /applications/{applicationId}/generate-keys', {
    path: { applicationId },
    headers,
    body: { keyType: 'PRODUCTION', keyManager, grantTypesToBeSupported: ['client_credentials', 'password', 'refresh_token'] },
  });

const call = ({ url }: GivenApi, token: string) => gateway(`${url}/x`, { token });
const answers = (api: GivenApi, token: string, status: number) =>
  eventually(
    () => call(api, token),
    (answer) => answer.status === status,
  );

/** All the way: subscribed, with keys of the API's tenant and a token that the gateway lets through. */
const callingTenants = async (options: Parameters<typeof twoTenants>[0] = {}, plan = 'Unlimited') => {
  const tenants = await twoTenants(options);
  const subscription = expected(await subscribe(tenants.consumer.admin, tenants, plan), 201);
  const keys = expected(await keysAt(tenants.consumer.admin, tenants.application, tenants.headers), 200);
  const token = await given.applicationToken(keys);
  await answers(tenants.api, token, 200);
  return { ...tenants, subscription, keys, token };
};

describe('an application of another tenant', () => {
  it('subscribes to an API that is open to all tenants, and calls it with keys of the API’s tenant', async () => {
    const { consumer, api, application, headers, subscription, token } = await callingTenants();

    expect(subscription).toMatchObject({ status: 'UNBLOCKED', apiId: api.id, apiInfo: { id: api.id, isSubscriptionAvailable: true } });
    const path = { subscriptionId: subscription.subscriptionId };
    expect((await consumer.admin.devportal(ONE, { path })).body).toEqual(subscription);
    expect((await call(api, token)).status).toBe(200);
    for (const query of [{ applicationId: application.applicationId }, { apiId: api.id }]) {
      const { list } = expected(await consumer.admin.devportal<SubscriptionList>('GET /subscriptions', { query, headers }), 200);
      expect(list.map(({ subscriptionId }) => subscriptionId)).toEqual([subscription.subscriptionId]);
    }
    const seen = expected(
      await consumer.admin.devportal<{ subscriptionCount: number }>('GET /applications/{applicationId}', {
        path: { applicationId: application.applicationId },
      }),
      200,
    );
    expect(seen.subscriptionCount).toBe(1);
  });

  it.each(['all tenants', 'this tenant'])('may subscribe to an API open to %s', async (whom) => {
    const { provider, consumer, application, headers } = await twoTenants();
    const openness = whom === 'all tenants' ? ALL_TENANTS : only('elsewhere.com', consumer.domain);
    const api = await given.publishedApi({ by: provider.admin, with: openness });

    expect((await subscribe(consumer.admin, { headers, api, application })).status).toBe(201);
  });

  it.each(['no other tenant', 'another tenant'])('may not subscribe to an API open to %s', async (whom) => {
    const { provider, consumer, application, headers } = await twoTenants();
    const api = await given.publishedApi({ by: provider.admin, ...(whom === 'another tenant' && { with: only('elsewhere.com') }) });

    const answer = await subscribe(consumer.admin, { headers, api, application });

    expect(answer).toFailWith(TenantNotSubscribable(consumer.domain));
    const seen = await consumer.admin.devportal<Body>('GET /apis/{apiId}', { path: { apiId: api.id }, headers });
    expect(seen.body['isSubscriptionAvailable']).toBe(false);
  });

  it('is told nothing of the API unless it names its tenant, nor of one that only members see', async () => {
    const { provider, consumer, api, application, headers } = await twoTenants();
    const hidden = await given.publishedApi({ by: provider.admin, with: { ...ALL_TENANTS, visibility: 'PRIVATE' } });

    expect(await subscribe(consumer.admin, { headers: { 'x-wso2-tenant': '' }, api, application })).toFailWith({ status: 404, code: 404 });
    expect(await subscribe(consumer.admin, { headers, api: hidden, application })).toFailWith({ status: 404, code: 404 });
    expect(await subscribe(consumer.admin, { headers: { 'x-wso2-tenant': `${unique('none')}.com` }, api, application })).toFailWith({
      status: 400,
      code: 901300,
    });
  });

  it('subscribes to several at once', async () => {
    const { provider, consumer, api, application, headers } = await twoTenants();
    const other = await given.publishedApi({ by: provider.admin, with: ALL_TENANTS });
    const body = [api, other].map(({ id }) => ({ apiId: id, applicationId: application.applicationId, throttlingPolicy: 'Unlimited' }));

    const made = expected(await consumer.admin.devportal<readonly Subscription[]>('POST /subscriptions/multiple', { headers, body }), 200);

    expect(made.map(({ apiId }) => apiId)).toEqual([api.id, other.id]);
  });

  it('is under plans of the API’s tenant, as far as roles there would open them', async () => {
    const { provider, consumer, application, headers } = await twoTenants();
    const plan = async (permissionType: string, role: string) => {
      const policyName = unique('plan');
      const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
      const permissions = { permissionType, roles: [role] };
      expected(
        await provider.admin.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, permissions } }),
        201,
      );
      return policyName;
    };
    const everybody = await plan('ALLOW', 'Internal/everyone');
    const closed = [await plan('ALLOW', 'admin'), await plan('DENY', 'admin')];
    const api = await given.publishedApi({ by: provider.admin, policies: [everybody, ...closed], with: ALL_TENANTS });
    const path = { apiId: api.id };

    const offered = await consumer.admin.devportal<readonly { name: string }[]>('GET /apis/{apiId}/subscription-policies', {
      path,
      headers,
    });

    expect(offered.body.map(({ name }) => name)).toEqual([everybody]);
    for (const policy of closed)
      expect(await subscribe(consumer.admin, { headers, api, application }, policy)).toFailWith(
        PlanNotAllowed(policy, consumer.admin.username),
      );
    expect((await subscribe(consumer.admin, { headers, api, application }, everybody)).status).toBe(201);
  });

  it('is itself under policies of its own tenant', async () => {
    const { provider, consumer, headers } = await twoTenants();
    const policyName = unique('tier');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
    expected(await provider.admin.admin('POST /throttling/policies/application', { body: { policyName, defaultLimit } }), 201);
    const body = { name: unique('App'), throttlingPolicy: policyName };

    const shown = await consumer.admin.devportal<{ list: readonly { name: string }[] }>('GET /throttling-policies/{policyLevel}', {
      path: { policyLevel: 'application' },
      headers,
    });

    expect(shown.body.list.map(({ name }) => name)).not.toContain(policyName);
    expect(await consumer.admin.devportal('POST /applications', { body, headers })).toFailWith({ status: 400, code: 900305 });
  });

  it('changes its plan, and unsubscribes', async () => {
    const tenants = await callingTenants({ policies: ['Gold', 'Bronze'] }, 'Gold');
    const { consumer, provider, api, application, token, subscription } = tenants;
    const path = { subscriptionId: subscription.subscriptionId };
    const body = {
      ...{ apiId: api.id, applicationId: application.applicationId, status: 'UNBLOCKED' },
      ...{ throttlingPolicy: 'Gold', requestedThrottlingPolicy: 'Bronze' },
    };

    const changed = expected(await consumer.admin.devportal<Subscription>('PUT /subscriptions/{subscriptionId}', { path, body }), 200);
    expect(changed).toMatchObject({ throttlingPolicy: 'Bronze', status: 'UNBLOCKED' });
    expect((await consumer.admin.devportal('DELETE /subscriptions/{subscriptionId}', { path })).status).toBe(200);

    expect((await answers(api, token, 403)).body).toMatchObject({ code: '900908' });
    expect((await provider.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: api.id } })).body.count).toBe(0);
  });
});

describe('keys for another tenant’s APIs', () => {
  it('are apart from those of the own tenant', async () => {
    const { consumer, application, headers, keys } = await callingTenants();
    const own = expected(await keysAt(consumer.admin, application, {}), 200);
    const path = { applicationId: application.applicationId };
    const list = async (of: Record<string, string>) => {
      const answer = await consumer.admin.devportal<{ list: readonly GivenKeys[] }>('GET /applications/{applicationId}/oauth-keys', {
        path,
        headers: of,
      });
      return answer.body.list.map(({ consumerKey }) => consumerKey);
    };

    expect(await list({})).toEqual([own.consumerKey]);
    expect(await list(headers)).toEqual([keys.consumerKey]);
    expect(await keysAt(consumer.admin, application, headers)).toFailWith({ status: 409, code: 901409 });
    const detail = await consumer.admin.devportal<{ keys: readonly GivenKeys[] }>('GET /applications/{applicationId}', { path });
    expect(detail.body.keys.map(({ consumerKey }) => consumerKey)).toEqual([own.consumerKey]);
  });

  it('are changed and give tokens like others, and end with their removal', async () => {
    const { consumer, api, application, token, keys } = await callingTenants();
    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
    const body = { supportedGrantTypes: ['client_credentials'], callbackUrl: '', keyType: 'PRODUCTION', additionalProperties: {} };

    expected(await consumer.admin.devportal('PUT /applications/{applicationId}/oauth-keys/{keyMappingId}', { path, body }), 200);
    const another = await consumer.admin.devportal<{ accessToken: string }>(
      'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token',
      { path, body: { consumerSecret: keys.consumerSecret, validityPeriod: 3600, scopes: [] } },
    );
    expect((await call(api, another.body.accessToken)).status).toBe(200);
    expected(await consumer.admin.devportal('DELETE /applications/{applicationId}/oauth-keys/{keyMappingId}', { path }), 200);

    expect((await answers(api, token, 401)).body).toMatchObject({ code: '900901' });
  });

  it('carry no role of the tenant, and open none of its management APIs', async () => {
    const { provider, consumer, keys, application } = await callingTenants();
    // The subscriber and this user of the API's tenant have one name: both are `admin`.
    const scope = 'apim:api_view apim:admin';
    const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };

    const token = expected(await requestToken(client, { grant_type: 'client_credentials', scope }), 200);

    expect(token.scope).toBe('default');
    const registered = await provider.admin.clientRegistration('POST /register', {
      body: {
        ...{ clientName: `${consumer.admin.username}_${application.applicationId}_PRODUCTION`, owner: provider.admin.username },
        ...{ grantType: 'client_credentials', saasApp: false },
      },
    });
    expect(registered).toFailWith(OwnedByAnother(`${consumer.admin.username}_${application.applicationId}_PRODUCTION`));
  });

  it('are not made in a tenant that opened no API', async () => {
    const { consumer, application } = await twoTenants();
    const closed = await given.organization();
    await given.publishedApi({ by: closed.admin });

    const answer = await keysAt(consumer.admin, application, { 'x-wso2-tenant': closed.domain });

    expect(answer).toFailWith({ status: 403, code: 403 });
  });
});

describe('the gateway', () => {
  it('refuses an application of another tenant that has not subscribed', async () => {
    const { consumer, api, application, headers } = await twoTenants();
    const keys = expected(await keysAt(consumer.admin, application, headers), 200);
    const token = await given.applicationToken(keys);

    // Known to the gateway when it is told apart from a stranger's.
    const answer = await answers(api, token, 403);

    expect(answer.body).toMatchObject({ code: '900908' });
  });

  it('refuses a token of the application’s own tenant, whatever it is subscribed to', async () => {
    const { consumer, api, application } = await callingTenants();
    const own = expected(await keysAt(consumer.admin, application, {}), 200);

    expect(await call(api, await given.applicationToken(own))).toMatchObject({ status: 401, body: { code: '900901' } });
  });

  it('counts its calls under its plan', async () => {
    const provider = await given.organization();
    const policyName = unique('plan');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'hours', unitTime: 1, requestCount: 3 } };
    expected(
      await provider.admin.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, stopOnQuotaReach: true } }),
      201,
    );
    const backend = await given.backend();
    const api = await given.publishedApi({ by: provider.admin, backend, policies: [policyName], with: ALL_TENANTS });
    const headers = { 'x-wso2-tenant': provider.domain };
    const tokenOf = async (consumer: Actor) => {
      const application = await given.application(consumer);
      expected(await subscribe(consumer, { headers, api, application }, policyName), 201);
      return given.applicationToken(expected(await keysAt(consumer, application, headers), 200));
    };
    const [first, second] = [await tokenOf((await given.organization()).admin), await tokenOf((await given.organization()).admin)];

    await answers(api, first, 200);
    const statuses = [await call(api, first), await call(api, first), await call(api, first)].map(({ status }) => status);

    expect(statuses).toEqual([200, 200, 429]);
    expect((await answers(api, second, 200)).status).toBe(200);
  });

  it('takes the API key of a subscribed application, and of no other', async () => {
    const { consumer, api, application, headers } = await twoTenants({ with: { ...ALL_TENANTS, ...TOKENS_AND_KEYS } });
    const path = { applicationId: application.applicationId, keyType: 'PRODUCTION' };
    const { apikey } = expected(
      await consumer.admin.devportal<{ apikey: string }>('POST /applications/{applicationId}/api-keys/{keyType}/generate', {
        path,
        body: { keyName: 'Key', validityPeriod: -1 },
      }),
      200,
    );
    const withKey = () => gateway(`${api.url}/x`, { headers: { apikey } });
    const status = (wanted: number) => eventually(withKey, (answer) => answer.status === wanted);

    expect((await withKey()).status).toBe(401);
    const { subscriptionId } = expected(await subscribe(consumer.admin, { headers, api, application }), 201);
    expect((await status(200)).status).toBe(200);
    expected(await consumer.admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }), 200);
    expect((await status(401)).body).toMatchObject({ code: '900901' });
  });

  it('lets nothing through once the application is deleted', async () => {
    const { consumer, provider, api, application, token } = await callingTenants();

    expected(
      await consumer.admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }),
      200,
    );

    expect((await answers(api, token, 401)).body).toMatchObject({ code: '900901' });
    expect((await provider.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: api.id } })).body.count).toBe(0);
  });

  it('lets nothing through once the API is retired', async () => {
    const { consumer, provider, api, application, token } = await callingTenants();
    const step = (action: string) => provider.admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } });

    expect(await provider.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).toFailWith({ status: 409, code: 409 });
    expected(await step('Deprecate'), 200);
    expected(await step('Retire'), 200);

    expect((await answers(api, token, 404)).status).toBe(404);
    const query = { applicationId: application.applicationId };
    expect((await consumer.admin.devportal<SubscriptionList>('GET /subscriptions', { query })).body.count).toBe(0);
    expect((await provider.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).status).toBe(200);
  });

  it('lets nothing through while the application’s tenant is inactive', async () => {
    const { consumer, api, token } = await callingTenants();
    const { id } = (await given.superAdmin.tenants<{ id: string }>('GET /tenants/domain/{domain}', { path: { domain: consumer.domain } }))
      .body;
    const activate = (activated: boolean) =>
      given.superAdmin.tenants('PUT /tenants/{id}/lifecycle-status', { path: { id }, body: { activated } });

    await activate(false);
    const refused = await answers(api, token, 403);
    await activate(true);

    expect(refused.body).toMatchObject({ code: '900908' });
    expect((await answers(api, token, 200)).status).toBe(200);
  });
});

describe('the API’s publisher', () => {
  it('sees the subscriber, and not what else it has', async () => {
    const { provider, consumer, api, application, subscription } = await callingTenants();
    const elsewhere = await given.publishedApi({ by: consumer.admin });
    await given.subscription(elsewhere, application, { by: consumer.admin });

    const { list } = expected(await provider.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: api.id } }), 200);

    expect(list).toEqual([
      {
        subscriptionId: subscription.subscriptionId,
        applicationInfo: {
          applicationId: application.applicationId,
          name: application.name,
          subscriber: consumer.admin.username,
          description: 'Of somebody else',
          subscriptionCount: 1,
        },
        throttlingPolicy: 'Unlimited',
        subscriptionStatus: 'UNBLOCKED',
      },
    ]);
    const path = { applicationId: application.applicationId };
    expect(await provider.admin.devportal('GET /applications/{applicationId}', { path })).toFailWith({ status: 404, code: 404 });
    expect(await provider.admin.devportal(ONE, { path: { subscriptionId: subscription.subscriptionId } })).toFailWith({
      status: 404,
      code: 404,
    });
    const { body } = await consumer.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: elsewhere.id } });
    expect(body.list.map(({ applicationInfo }) => applicationInfo['subscriptionCount'])).toEqual([2]);
  });

  it('blocks it, and moves it to another plan', async () => {
    const { provider, api, token, subscription } = await callingTenants({ policies: ['Gold', 'Bronze'] }, 'Gold');
    const query = { subscriptionId: subscription.subscriptionId };

    expected(await provider.admin.publisher('POST /subscriptions/block-subscription', { query: { ...query, blockState: 'BLOCKED' } }), 200);
    expect((await answers(api, token, 401)).body).toMatchObject({ code: '900907' });
    expected(await provider.admin.publisher('POST /subscriptions/unblock-subscription', { query }), 200);
    await answers(api, token, 200);
    expected(
      await provider.admin.publisher('POST /subscriptions/change-business-plan', { query: { ...query, businessPlan: 'Bronze' } }),
      200,
    );

    const { list } = (await provider.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: api.id } })).body;
    expect(list).toMatchObject([{ throttlingPolicy: 'Bronze', subscriptionStatus: 'UNBLOCKED' }]);
  });

  it('approves it: what waits is in the inbox of the API’s tenant alone', async () => {
    const tenants = await twoTenants();
    const { provider, consumer } = tenants;
    await requireApproval(provider.admin, 'SubscriptionCreation', 'SubscriptionDeletion');
    const approve = async () => expected(await decide(provider.admin, (await theWaiting(provider.admin)).referenceId, 'APPROVED'), 200);
    const subscription = expected(await subscribe(consumer.admin, tenants), 201);
    const path = { subscriptionId: subscription.subscriptionId };
    const state = async () => (await consumer.admin.devportal<Subscription>(ONE, { path })).body.status;

    expect(subscription.status).toBe('ON_HOLD');
    expect(await waiting(consumer.admin)).toEqual([]);
    expect(await waiting(provider.admin)).toMatchObject([
      { workflowType: 'SUBSCRIPTION_CREATION', properties: { subscriber: consumer.admin.username, apiContext: tenants.api.context } },
    ]);
    await approve();
    expect(await state()).toBe('UNBLOCKED');
    expect((await consumer.admin.devportal('DELETE /subscriptions/{subscriptionId}', { path })).status).toBe(201);
    expect(await state()).toBe('DELETE_PENDING');
    await approve();
    expect((await consumer.admin.devportal(ONE, { path })).status).toBe(404);
  });
});
