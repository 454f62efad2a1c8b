import { NotFound, Unauthenticated } from '../../src/domain/problem.js';
import { UnknownTenant } from '../../src/runtime-data/addressed-tenants.js';
import { SubscriptionUnknown } from '../../src/runtime-data/gateway-rest/gateway-rest.problems.js';
import { expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';

const { superAdmin } = given;
interface List {
  readonly count: number;
  readonly list: readonly Body[];
}

it('lists the APIs that gateways were given, by context and version', async () => {
  const { admin, domain } = await given.organization();
  const [api, other] = [await given.publishedApi({ by: admin }), await given.publishedApi({ by: admin })];
  const undeployed = await given.api({ by: admin });

  const all = expected(await admin.gatewayRest<List>('GET /apis'), 200);

  expect(all.count).toBe(2);
  expect(all.list.map(({ apiUUID }) => apiUUID)).toEqual([api.id, other.id]);
  expect(all.list[0]).toEqual({
    ...{ apiUUID: api.id, apiId: expect.any(Number), provider: `admin@${domain}`, name: api.name, version: '1.0.0' },
    ...{ context: `${api.context}/1.0.0`, apiType: 'HTTP', isDefaultVersion: false, status: 'PUBLISHED' },
  });
  for (const context of [api.context, api.url]) {
    const query = { context, version: '1.0.0' };
    expect((await admin.gatewayRest<List>('GET /apis', { query })).body.list.map(({ apiUUID }) => apiUUID)).toEqual([api.id]);
  }
  for (const query of [{ version: '2' }, { context: undeployed.url }, { context: '/\0' }]) {
    expect((await admin.gatewayRest<List>('GET /apis', { query })).body).toEqual({ count: 0, list: [] });
  }
});

it('shows an API with its resources, its subscriptions and their applications', async () => {
  const { admin, domain } = await given.organization();
  const subscribed = await given.subscriber({ by: admin, probe: false, policies: ['Gold'], policy: 'Gold' });
  const { api, application, subscription, keys } = subscribed;

  const shown = expected(await admin.gatewayRest('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);

  expect(shown).toMatchObject({ apiUUID: api.id, name: api.name, context: api.url });
  expect(shown['urlMappings']).toContainEqual({
    ...{ authScheme: 'Application & Application User', throttlingPolicy: 'Unlimited', httpMethod: 'GET', urlPattern: '/*', scopes: [] },
  });
  const info = {
    ...{ uuid: application.applicationId, id: expect.any(Number), name: application.name, subName: `admin@${domain}`, policy: 'Unlimited' },
    ...{ tokenType: 'JWT', attributes: {} },
    keys: [{ consumerKey: keys.consumerKey, keyType: 'PRODUCTION', keyManager: 'Resident Key Manager' }],
  };
  expect(shown['subscripitons']).toEqual([
    { subscriptionUUID: subscription.subscriptionId, subscriptionPolicy: 'Gold', status: 'UNBLOCKED', application: info },
  ]);
  for (const query of [
    { name: application.name },
    { uuid: application.applicationId },
    { uuid: application.applicationId.toUpperCase() },
  ]) {
    expect(expected(await admin.gatewayRest('GET /applications', { query }), 200)).toEqual({ count: 1, list: [info] });
  }
  expect(JSON.stringify(shown)).not.toContain(keys.consumerSecret);

  const query = { apiUUID: api.id, appUUID: application.applicationId };
  const numbers = expected(await admin.gatewayRest('GET /subscriptions', { query }), 200);
  expect(numbers).toEqual({
    ...{ subscriptionId: expect.any(Number), policyId: 'Gold', apiId: shown['apiId'] },
    ...{ appId: expect.any(Number), subscriptionState: 'UNBLOCKED' },
  });
});

it('keeps tenants apart, but for the administrators of all', async () => {
  const [one, other] = [await given.organization(), await given.organization()];
  const { api, application } = await given.subscriber({ by: one.admin, probe: false });
  const path = { apiId: api.id };
  const pair = { apiUUID: api.id, appUUID: application.applicationId };

  for (const stranger of [other.admin, superAdmin]) {
    expect(await stranger.gatewayRest('GET /apis/{apiId}', { path })).toFailWith(NotFound('API')(api.id));
    expect((await stranger.gatewayRest('GET /applications', { query: { name: application.name } })).status).toBe(404);
    expect(await stranger.gatewayRest('GET /subscriptions', { query: pair })).toFailWith(SubscriptionUnknown());
  }
  const query = { tenantDomain: one.domain };
  for (const operation of ['GET /apis', 'GET /apis/{apiId}'] as const) {
    expect(await other.admin.gatewayRest(operation, { path, query })).toFailWith(UnknownTenant(one.domain));
    expect((await superAdmin.gatewayRest(operation, { path, query })).status).toBe(200);
  }
  expect((await superAdmin.gatewayRest('GET /applications', { query: { ...query, uuid: application.applicationId } })).status).toBe(200);
  expect((await superAdmin.gatewayRest('GET /subscriptions', { query: { ...query, ...pair } })).status).toBe(200);
});

it('says which parameters are missing', async () => {
  expect((await superAdmin.gatewayRest('GET /applications')).body).toMatchObject({
    code: 400,
    moreInfo: expect.stringContaining('name or uuid'),
  });
  expect((await superAdmin.gatewayRest('GET /subscriptions', { query: { apiUUID: 'x' } })).body).toMatchObject({
    code: 400,
    moreInfo: expect.stringContaining('appUUID'),
  });
  expect(await superAdmin.gatewayRest('GET /subscriptions', { query: { apiUUID: 'x', appUUID: 'y' } })).toFailWith(SubscriptionUnknown());
  expect((await superAdmin.gatewayRest('GET /apis/{apiId}', { path: { apiId: 'x' } })).status).toBe(404);
});

it.each([
  'GET /apis',
  'GET /apis/{apiId}',
  'GET /applications',
  'GET /subscriptions',
] as const)('%s is for administrators with a password', async (operation) => {
  const [path, user] = [{ apiId: 'x' }, await given.user({ roles: ['Internal/publisher'] })];

  expect(await user.gatewayRest(operation, { path })).toFailWith(Unauthenticated());
  expect(await superAdmin.gatewayRest(operation, { path, as: { bearer: await superAdmin.token() } })).toFailWith(Unauthenticated());
});
