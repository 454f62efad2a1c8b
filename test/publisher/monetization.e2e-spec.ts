import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { MonetizationRefused, SubscriptionUnknown } from '../../src/apis/monetization/monetization.problems.js';
import { Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());

interface Facts {
  readonly properties: Readonly<Record<string, string>>;
}

const BILLED = { enabled: true, properties: { ConnectedAccountKey: 'acct_1' } };

/** A business plan of the tenant that costs something. */
const plan = async (by: Actor, policyName: string, monetizationPlan: string, properties: Body): Promise<void> => {
  const body = {
    policyName,
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1000 } },
    stopOnQuotaReach: true,
    billingPlan: 'COMMERCIAL',
    monetization: { monetizationPlan, properties },
  };
  expected(await by.admin('POST /throttling/policies/subscription', { body }), 201);
};

const configure = (domain: string, document: Body) =>
  database.query(
    'INSERT INTO tenant_configs (organization, document) VALUES ($1, $2) ON CONFLICT (organization) DO UPDATE SET document = tenant_configs.document || $2',
    [domain, document],
  );

let admin: Actor;
let domain: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  await configure(domain, { EnableMonetization: true });
  await plan(admin, 'Metered', 'DYNAMICRATE', { pricePerRequest: '0.05', currencyType: 'CHF', billingCycle: 'year' });
  await plan(admin, 'Flat', 'FIXEDRATE', { fixedPrice: '19.90', currencyType: 'CHF', billingCycle: 'month' });
});

const publish = async (policies: readonly string[]): Promise<GivenApi> => {
  const api = await given.api({ by: admin, policies });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  return api;
};

const monetize = (apiId: string, body: Body = BILLED, by = admin) => by.publisher('POST /apis/{apiId}/monetize', { path: { apiId }, body });
const monetization = (apiId: string, by = admin) => by.publisher<Body>('GET /apis/{apiId}/monetization', { path: { apiId } });
const revenue = (apiId: string, by = admin) => by.publisher<Facts>('GET /apis/{apiId}/revenue', { path: { apiId } });
const usage = (subscriptionId: string, by = admin) =>
  by.publisher<Facts>('GET /subscriptions/{subscriptionId}/usage', { path: { subscriptionId } });

it('is turned on for a published API with commercial plans, and off again', async () => {
  const api = await publish(['Unlimited', 'Metered', 'Flat']);

  expected(await monetize(api.id), 200);

  expect(expected(await monetization(api.id), 200)).toEqual({
    ...BILLED,
    monetizedPolicies: { Metered: expect.any(String), Flat: expect.any(String) },
  });
  const { list } = expected(await admin.publisher<{ list: readonly Body[] }>('GET /apis', { query: { query: `name:"${api.name}"` } }), 200);
  expect(list).toEqual([expect.objectContaining({ name: api.name, monetizedInfo: true })]);
  expected(await monetize(api.id, { enabled: false, properties: null }), 200);
  expect(expected(await monetization(api.id), 200)).toEqual({ enabled: false, properties: {}, monetizedPolicies: {} });
});

it('tells what is due: by request for metered plans, by subscription for flat ones', async () => {
  const api = await publish(['Metered', 'Flat']);
  expected(await monetize(api.id), 200);
  const [metered, flat] = [await given.application(admin), await given.application(admin)];
  const meteredUse = await given.subscription(api, metered, { by: admin, policy: 'Metered' });
  const flatUse = await given.subscription(api, flat, { by: admin, policy: 'Flat' });
  for (const { applicationId } of [metered, flat]) {
    await database.query(
      `INSERT INTO usage_minutes (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type, hits, status_1xx, status_2xx,
         status_3xx, status_4xx, status_5xx, throttled, refused, faults, aborted, latency_ms, latency_max_ms, backend_latency_ms, backend_hits)
       VALUES (date_trunc('minute', now()), $1, 'Default', $2, $3, 'GET', '/*', $4, 'PRODUCTION', 50, 0, 41, 0, 9, 0, 4, 5, 0, 0, 1, 1, 1, 41)`,
      [domain, api.id, randomUUID(), applicationId],
    );
  }

  const earned = expected(await revenue(api.id), 200).properties;
  const [invoice, flatInvoice] = [
    expected(await usage(meteredUse.subscriptionId), 200),
    expected(await usage(flatUse.subscriptionId), 200),
  ];

  const year = new Date().getUTCFullYear();
  expect(earned).toMatchObject({ Metered: '2.05 CHF', 'Metered since': `${year}-01-01T00:00:00.000Z`, Flat: '19.90 CHF' });
  expect(invoice.properties).toEqual({ plan: 'Metered', since: `${year}-01-01T00:00:00.000Z`, requests: '41', amount: '2.05 CHF' });
  expect(flatInvoice.properties).toMatchObject({ plan: 'Flat', requests: '41', amount: '19.90 CHF' });
});

it('refuses an API that is not published, has no commercial plan, or no properties', async () => {
  const created = await given.api({ by: admin, policies: ['Metered'] });
  const free = await publish(['Unlimited']);
  const paid = await publish(['Flat']);

  expect(await monetize(created.id)).toFailWith(MonetizationRefused(`API ${created.id} should be in PUBLISHED state.`));
  expect(await monetize(created.id, { enabled: false })).toFailWith({ status: 400, code: 400 });
  expect(await monetize(free.id)).toFailWith(MonetizationRefused(`API ${free.id} has no commercial plan with a price.`));
  expect(await monetize(paid.id, { enabled: true, properties: {} })).toFailWith({ status: 400, code: 400 });
  expect(await monetize(paid.id, { enabled: true, properties: { a: { b: 1 } } })).toFailWith({ status: 400, code: 400 });
  expect(await monetize(paid.id, { enabled: 'perhaps' })).toFailWith({ status: 400 });
  expect(await monetize(paid.id, {})).toFailWith({ status: 400 });
});

it('refuses a tenant that does not allow it', async () => {
  const other = await given.organization();
  await plan(other.admin, 'Flat', 'FIXEDRATE', { fixedPrice: '1' });
  const api = await given.api({ by: other.admin, policies: ['Flat'] });
  expected(await other.admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

  const answer = await monetize(api.id, BILLED, other.admin);

  expect(answer).toFailWith(MonetizationRefused('EnableMonetization is not set in the configuration of the tenant.'));
});

it('bills nothing where monetization is off or the plan is free', async () => {
  const api = await publish(['Unlimited', 'Flat']);
  const { subscriptionId } = await given.subscription(api, await given.application(admin), { by: admin });

  expect(await revenue(api.id)).toFailWith(MonetizationRefused(`Monetization is not enabled for API ${api.id}.`));
  expect(await usage(subscriptionId)).toFailWith(MonetizationRefused(`Monetization is not enabled for API ${api.id}.`));
  expected(await monetize(api.id), 200);
  expect(await usage(subscriptionId)).toFailWith(MonetizationRefused('The plan Unlimited is free.'));
});

it('knows no API or subscription of another tenant, nor an id that is none', async () => {
  const api = await publish(['Unlimited']);
  const { subscriptionId } = await given.subscription(api, await given.application(admin), { by: admin });
  const { admin: stranger } = await given.organization();

  for (const answer of [await monetize(api.id, BILLED, stranger), await monetization(api.id, stranger), await revenue(api.id, stranger)])
    expect(answer).toFailWith(ApiNotFound(api.id));
  expect(await usage(subscriptionId, stranger)).toFailWith(SubscriptionUnknown(subscriptionId));
  expect(await usage('none')).toFailWith(SubscriptionUnknown('none'));
  expect(await monetization('none')).toFailWith(ApiNotFound('none'));
});

it('keeps out whom the access roles of the API keep out', async () => {
  const api = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } });
  const ann = await given.user({ roles: ['Internal/creator', 'Internal/publisher'], by: admin });

  const answers = [await monetize(api.id, BILLED, ann), await monetization(api.id, ann), await revenue(api.id, ann)];

  for (const answer of answers) expect(answer).toFailWith(Forbidden('User is not authorized to access the API'));
});

it('needs the right scopes', async () => {
  const api = await given.api({ by: admin });
  const viewer = admin.withScopes('apim:api_view');
  const other = admin.withScopes('apim:api_create');

  const answers = [
    await monetize(api.id, BILLED, viewer),
    await monetization(api.id, other),
    await revenue(api.id, other),
    await usage(randomUUID(), other),
  ];

  for (const answer of answers) expect(answer).toFailWith(Unauthenticated());
});
