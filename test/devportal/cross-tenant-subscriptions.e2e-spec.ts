import { OwnedByAnother } from '../../src/keys/registration/client-registration.problems.js';
import { PlanNotAllowed, TenantNotSubscribable } from '../../src/subscriptions/subscriptions.problems.js';
import { expected, requestToken } from '../support/actor.js';
import type { Body } from '../support/client.js';
import {
  ALL_TENANTS,
  answers,
  call,
  callingTenants,
  keysAt,
  only,
  type PublisherList,
  type Subscription,
  type SubscriptionList,
  subscribe,
  twoTenants,
} from '../support/cross-tenant.js';
import { type GivenKeys, given } from '../support/given.js';
import { decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

const ONE = 'GET /subscriptions/{subscriptionId}';
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
    // Nor do they to people of the tenant who sign in through them.
    const { username, password } = provider.admin;
    const ofUser = expected(await requestToken(client, { grant_type: 'password', username, password, scope }), 200);
    expect(ofUser.scope).toBe('default');
    const asClient = { as: { bearer: token.access_token } };
    expect(await provider.admin.devportal('GET /applications', asClient)).toFailWith({ status: 401, code: 401 });
    expect(await provider.admin.publisher('GET /apis', asClient)).toFailWith({ status: 401, code: 401 });
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
    const { subscriptionId } = subscription;
    const info = await provider.admin.publisher('GET /subscriptions/{subscriptionId}/subscriber-info', { path: { subscriptionId } });
    expect(info).toMatchObject({ status: 200, body: { name: consumer.admin.username } });
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
