import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { change, deploy, member, product, revision } from '../publisher/products.js';
import { type Actor, expected } from '../support/actor.js';
import { answersWithKey, associate, type KeyList, keyOf, TOKENS_AND_KEYS, withoutSubscriptions } from '../support/api-keys.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

/** An API with a key that an application's subscription stands behind, known to the gateway. */
const usable = async (
  content: Body = {},
  further: { readonly with?: Body; readonly policy?: string; readonly applicationPolicy?: string } = {},
) => {
  const { policy = 'Unlimited', applicationPolicy = 'Unlimited' } = further;
  const backend = await given.backend();
  const api = await given.publishedApi({ by: admin, backend, policies: [policy], with: { ...TOKENS_AND_KEYS, ...further.with } });
  const application = await given.application(admin, { throttlingPolicy: applicationPolicy });
  const subscription = await given.subscription(api, application, { by: admin, policy });
  const key = await keyOf(admin, api, content);
  await associate(admin, api, key.id, application);
  return { backend, api, application, subscription, key };
};

const call = (api: GivenApi, apikey: string, headers: Readonly<Record<string, string>> = {}) =>
  gateway(`${api.url}/`, { headers: { apikey, ...headers } });

it('opens an API with a key, in a header or the query, and keeps it from the backend', async () => {
  const { api, key, backend } = await usable();
  await answersWithKey(api, key.apikey, 200);

  expect((await gateway(`${api.url}/pets?a=1&apikey=${key.apikey}&b=2`)).status).toBe(200);

  expect(backend.requests.at(-1)?.url).toBe('/pets?a=1&b=2');
  expect(JSON.stringify(backend.requests.map(({ url, headers }) => [url, headers]))).not.toContain(key.apikey);
});

it('reads it from the header the API names', async () => {
  const { api, key } = await usable({}, { with: { apiKeyHeader: 'X-Pet-Key' } });

  await eventually(
    () => gateway(`${api.url}/`, { headers: { 'x-pet-key': key.apikey } }),
    ({ status }) => status === 200,
  );
  expect((await call(api, key.apikey)).body).toMatchObject({
    code: '900902',
    description: expect.stringContaining("'X-Pet-Key : API_KEY'"),
  });
});

it('opens nothing in another tenant, nor another API of its own', async () => {
  const { key } = await usable();
  const { admin: stranger } = await given.organization();
  const foreign = await given.publishedApi({ by: stranger, with: TOKENS_AND_KEYS });
  const own = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS });

  expect(await call(foreign, key.apikey)).toMatchObject({ status: 401, body: { code: '900901' } });
  expect(await call(own, key.apikey)).toMatchObject({ status: 403, body: { code: '900908' } });
});

it('leads to the endpoint of its type', async () => {
  const [production, sandbox] = [await given.backend(), await given.backend()];
  const endpointConfig = { endpoint_type: 'http', production_endpoints: { url: production.url }, sandbox_endpoints: { url: sandbox.url } };
  const { api, key } = await usable({ keyType: 'SANDBOX' }, { with: { endpointConfig } });

  await answersWithKey(api, key.apikey, 200);

  expect(sandbox.requests).toHaveLength(1);
  expect(production.requests).toHaveLength(0);
});

it('lasts as long as it was made for', async () => {
  const { api, key } = await usable({ validityPeriod: 2 });
  await answersWithKey(api, key.apikey, 200);

  const refused = await answersWithKey(api, key.apikey, 401);

  expect(refused.body).toEqual({
    code: '900901',
    message: 'Invalid Credentials',
    description: 'Invalid Credentials. Make sure you have provided the correct security credentials',
  });
});

it('is held to the addresses and pages it was made for', async () => {
  const here = await usable({ additionalProperties: { permittedIP: '127.0.0.0/8, ::1', permittedReferer: '' } });
  const elsewhere = await usable({ additionalProperties: { permittedIP: '203.0.113.0/24' } });
  const page = await usable({ additionalProperties: { permittedReferer: 'https://*.pets.example/*' } });
  await answersWithKey(here.api, here.key.apikey, 200);

  const refused = await answersWithKey(elsewhere.api, elsewhere.key.apikey, 403);
  // Nobody but a trusted proxy may say where a request comes from.
  const pretended = await call(elsewhere.api, elsewhere.key.apikey, { 'x-forwarded-for': '203.0.113.7' });

  expect(refused.body).toEqual({ code: '900908', message: 'Resource forbidden ', description: 'Access forbidden for the invocations' });
  expect(pretended.status).toBe(403);
  await answersWithKey(page.api, page.key.apikey, 200, { referer: 'https://www.pets.example/index.html' });
  expect((await call(page.api, page.key.apikey, { referer: 'https://pets.example.org/' })).status).toBe(403);
  expect((await call(page.api, page.key.apikey)).status).toBe(403);
});

it('counts on the limits of its application and its subscription', async () => {
  const { api, key, application } = await usable({}, { applicationPolicy: '10PerMin' });
  const second = await keyOf(admin, api);
  await associate(admin, api, second.id, application);
  await answersWithKey(api, second.apikey, 200);
  if (60_000 - (Date.now() % 60_000) < 8_000) await pause(8_000);

  const answers = [];
  for (let index = 0; index < 12; index += 1) answers.push(await call(api, index % 2 === 0 ? key.apikey : second.apikey));

  // Both keys are the application's: together they have its ten calls a minute.
  expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(10);
  expect(answers.at(-1)).toMatchObject({ status: 429, body: { code: '900803' } });
});

it('is limited by the plan of its subscription', async () => {
  const policyName = unique('Plan');
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'hour', unitTime: 1, requestCount: 3 } };
  const plan = { policyName, displayName: policyName, description: '', defaultLimit, stopOnQuotaReach: true };
  expected(await admin.admin('POST /throttling/policies/subscription', { body: plan }), 201);
  const { api, key } = await usable({}, { policy: policyName });
  await answersWithKey(api, key.apikey, 200);

  const answers = [await call(api, key.apikey), await call(api, key.apikey), await call(api, key.apikey)];

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
  expect(answers.at(-1)?.body).toMatchObject({ code: '900804' });
});

it('follows the state of its subscription', async () => {
  const { api, key, subscription } = await usable();
  await answersWithKey(api, key.apikey, 200);
  const block = { query: { subscriptionId: subscription.subscriptionId, blockState: 'BLOCKED' } };

  expected(await admin.publisher('POST /subscriptions/block-subscription', block), 200);

  expect((await answersWithKey(api, key.apikey, 401)).body).toMatchObject({ code: '900907' });
});

it('needs no application where the API needs no subscription', async () => {
  const api = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
  const key = await keyOf(admin, api);
  await answersWithKey(api, key.apikey, 403);

  await withoutSubscriptions(admin, api);

  await answersWithKey(api, key.apikey, 200);
});

it('opens an API product, whose key it is', async () => {
  const backend = await given.backend();
  const part = await given.api({ by: admin, backend, with: { operations: [{ target: '/books', verb: 'GET' }] } });
  const made = await product(admin, [member(part, 'GET /books')], TOKENS_AND_KEYS);
  expected(await change(admin, made.id, 'Publish'), 200);
  expected(await deploy(admin, made.id, await revision(admin, made.id)), 201);
  const application = await given.application(admin);
  await given.subscription(made, application, { by: admin });
  const key = await keyOf(admin, made);
  await associate(admin, made, key.id, application);

  await eventually(
    () => gateway(`${made.context}/${made.version}/books`, { headers: { apikey: key.apikey } }),
    ({ status }) => status === 200,
  );
});

it('is gone when its API is retired', async () => {
  const { api, key } = await usable();
  await answersWithKey(api, key.apikey, 200);

  for (const action of ['Deprecate', 'Retire'])
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);

  const { list } = expected(await admin.admin<KeyList>('GET /api-keys', {}), 200);
  expect(list.map(({ keyUUID }) => keyUUID)).not.toContain(key.id);
});

it('is one of several credentials, and the first that is good counts', async () => {
  const { api, key, application } = await usable();
  const token = await given.applicationToken(await given.keys(application, { by: admin }));
  await answersWithKey(api, key.apikey, 200);
  const both = (bearer: string, apikey: string) => gateway(`${api.url}/`, { token: bearer, headers: { apikey } });

  await eventually(
    () => both(token, 'bad'),
    ({ status }) => status === 200,
  );
  expect((await both('bad', key.apikey)).status).toBe(200);
  expect((await both('bad', 'bad')).body).toMatchObject({ code: '900901' });
  expect((await gateway(`${api.url}/`)).body).toMatchObject({ code: '900902' });
});

it('is not seen by an API that takes tokens only', async () => {
  const { api, key } = await usable({}, { with: { securityScheme: ['oauth2'] } });

  expect((await call(api, key.apikey)).body).toMatchObject({ code: '900902' });
});

it('dies within a second of its revocation', async () => {
  const { api, key } = await usable();
  await answersWithKey(api, key.apikey, 200);
  expected(await admin.devportal('POST /apis/{apiId}/api-keys/revoke', { path: { apiId: api.id }, body: { keyUUID: key.id } }), 200);

  await eventually(
    () => call(api, key.apikey),
    ({ status }) => status === 401,
    1_000,
  );
});

it('says when it was last used', async () => {
  const { api, key } = await usable();
  const before = Date.now();
  await answersWithKey(api, key.apikey, 200);

  const { body } = await eventually(
    () => admin.devportal<KeyList>('GET /apis/{apiId}/api-keys', { path: { apiId: api.id } }),
    (answer) => answer.body.list[0]?.lastUsed !== undefined,
  );

  expect(body.list[0]?.lastUsed).toBeGreaterThanOrEqual(before);
  expect(body.list[0]?.lastUsed).toBeLessThanOrEqual(Date.now());
});

it('is counted for its application', async () => {
  const { api, key, application } = await usable({ keyType: 'SANDBOX' });
  await answersWithKey(api, key.apikey, 200);

  const rows = await eventually(
    async () =>
      (
        await database.query(
          `SELECT application_id, key_type, sum(hits)::int AS hits FROM usage_minutes WHERE api_id = $1 AND status_2xx > 0 GROUP BY 1, 2`,
          [api.id],
        )
      ).rows,
    (found) => found.length > 0,
  );

  expect(rows).toEqual([{ application_id: application.applicationId, key_type: 'SANDBOX', hits: 1 }]);
});

it('is nowhere to be read in the database', async () => {
  const { api, key } = await usable();
  await answersWithKey(api, key.apikey, 200);

  const { rows } = await database.query(
    `SELECT (SELECT count(*)::int FROM api_keys AS k WHERE k::text LIKE $1) AS keys, (SELECT count(*)::int FROM gateway_document AS d WHERE d::text LIKE $1) AS documents`,
    [`%${key.apikey}%`],
  );

  expect(rows).toEqual([{ keys: 0, documents: 0 }]);
});
