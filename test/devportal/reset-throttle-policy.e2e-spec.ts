import { type Actor, expected, requestToken } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenSubscriber, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const RESET = 'POST /applications/{applicationId}/reset-throttle-policy';
const UNKNOWN_ID = '7d0e8a0e-9a34-4a44-9f0b-0f5a3b1c2d3e';
/** What a reset may take to reach the gateway. */
const SOON_MS = 1_000;

const requests = (requestCount: number) => ({
  defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'days', unitTime: 1, requestCount } },
});

const applicationPolicy = async (content: object): Promise<string> => {
  const policyName = unique('policy');
  expected(await given.superAdmin.admin('POST /throttling/policies/application', { body: { policyName, ...content } }), 201);
  return policyName;
};

const subscriber = async (content: object): Promise<GivenSubscriber> =>
  given.subscriber({ backend: await given.backend(), applicationPolicy: await applicationPolicy(content) });

const reset = (of: GivenSubscriber, userName: unknown, by: Actor = given.superAdmin) =>
  by.devportal(RESET, { path: { applicationId: of.application.applicationId }, body: { userName } });

const call = ({ api }: GivenSubscriber, token: string, init: object = {}) => gateway(`${api.url}/x`, { token, ...init });
const code = (answer: { readonly body: unknown }) => (answer.body as { code?: string }).code; // undefined for other bodies

/** Calls until the gateway refuses, and gives how many calls it served. */
const exhausted = async (of: GivenSubscriber, token: string, refusal = '900803'): Promise<number> => {
  for (let served = 0; served < 10; served += 1) {
    const answer = await call(of, token);
    if (answer.status === 200) continue;
    expect(code(answer)).toBe(refusal);
    return served;
  }
  throw new Error('the gateway refuses nothing');
};

const served = (of: GivenSubscriber, token: string) =>
  eventually(
    () => call(of, token),
    ({ status }) => status === 200,
    SOON_MS,
  );

it('has the calls of an application counted from nothing, once for each reset', async () => {
  const shop = await subscriber(requests(3));
  // The probe of the builder was the first.
  expect(await exhausted(shop, shop.token)).toBe(2);

  expect((await reset(shop, 'admin')).status).toBe(200);
  await served(shop, shop.token);
  expect(await exhausted(shop, shop.token)).toBe(2);

  // A change of the application, which gateways learn of in the same way, gives nothing back.
  const path = { applicationId: shop.application.applicationId };
  const current = expected(await given.superAdmin.devportal('GET /applications/{applicationId}', { path }), 200);
  const changed = await given.superAdmin.devportal('PUT /applications/{applicationId}', { path, body: { ...current, description: 'x' } });
  expect(changed.status).toBe(200);
  expect((await call(shop, shop.token)).status).toBe(429);

  expect((await reset(shop, 'admin@carbon.super')).status).toBe(200);
  await served(shop, shop.token);
  expect(await exhausted(shop, shop.token)).toBe(2);
});

it('leaves the calls of other users as they are', async () => {
  const shop = await subscriber(requests(2));
  const client = { clientId: shop.keys.consumerKey, clientSecret: shop.keys.consumerSecret };
  const [ann, bob] = await Promise.all([given.user(), given.user()]);
  const tokenOf = async ({ username, password }: Actor) =>
    expected(await requestToken(client, { grant_type: 'password', username, password }), 200).access_token;
  const [anns, bobs] = await Promise.all([tokenOf(ann), tokenOf(bob)]);
  expect([await exhausted(shop, anns), await exhausted(shop, bobs)]).toEqual([2, 2]);

  expect((await reset(shop, ann.username.toUpperCase())).status).toBe(200);

  await served(shop, anns);
  expect((await call(shop, bobs)).status).toBe(429);
});

it('counts bytes and bursts from nothing, too', async () => {
  const limit = { type: 'BANDWIDTHLIMIT', bandwidth: { timeUnit: 'days', unitTime: 1, dataAmount: 1, dataUnit: 'KB' } };
  const bytes = await subscriber({ defaultLimit: limit });
  const large = { method: 'POST', body: 'x'.repeat(2_000), headers: { 'content-type': 'text/plain' } };
  expect((await call(bytes, bytes.token, large)).status).toBe(200);
  expect(code(await call(bytes, bytes.token, large))).toBe('900803');
  expect((await reset(bytes, 'admin')).status).toBe(200);
  await served(bytes, bytes.token);

  const bursts = await subscriber({ ...requests(1_000), burstLimit: { rateLimitCount: 2, rateLimitTimeUnit: 'min' } });
  await exhausted(bursts, bursts.token, '900809');
  expect((await reset(bursts, 'admin')).status).toBe(200);
  await served(bursts, bursts.token);
});

it('leaves the plan’s limit as it is', async () => {
  const policyName = unique('plan');
  const body = { policyName, ...requests(2), stopOnQuotaReach: true };
  expected(await given.superAdmin.admin('POST /throttling/policies/subscription', { body }), 201);
  const backend = await given.backend();
  const shop = await given.subscriber({
    backend,
    policies: [policyName],
    policy: policyName,
    applicationPolicy: await applicationPolicy(requests(100)),
  });
  await exhausted(shop, shop.token, '900804');

  expect((await reset(shop, 'admin')).status).toBe(200);

  expect(code(await call(shop, shop.token))).toBe('900804');
});

describe('it', () => {
  let shop: GivenSubscriber['application'];
  const asking = (by: Actor, body: unknown, applicationId = shop.applicationId) => by.devportal(RESET, { path: { applicationId }, body });
  beforeAll(async () => {
    shop = await given.application(given.superAdmin, { throttlingPolicy: '10PerMin' });
  });

  it.each([
    ['nobody knows'],
    ['somebody@elsewhere.com'],
    ['__proto__'],
    [UNKNOWN_ID],
  ])('does nothing for a user that is not there: %s', async (userName) => {
    expect((await asking(given.superAdmin, { userName })).status).toBe(200);
  });

  it.each([[{}], [{ userName: '' }], [{ userName: ' ' }], [{ userName: null }]])('is refused without a user: %j', async (body) => {
    expect(await asking(given.superAdmin, body)).toFailWith({ status: 400, code: 400, description: 'Username cannot be empty' });
  });

  it.each([[{ userName: 5 }], [{ userName: '\0' }]])('is refused for what is no name: %j', async (body) => {
    expect(await asking(given.superAdmin, body)).toFailWith({ status: 400, code: 400 });
  });

  it.each([256, 1_000_000])('is refused for a name of %d characters, which every gateway would keep', async (length) => {
    const answer = await asking(given.superAdmin, { userName: 'x'.repeat(length) });

    expect(answer).toFailWith({ status: 400, code: 400, description: 'Username cannot have more than 255 characters' });
    expect((await asking(given.superAdmin, { userName: 'x'.repeat(255) })).status).toBe(200);
  });

  it('is for the owner of the application alone', async () => {
    const stranger = await given.user({ roles: ['Internal/subscriber'] });
    const { admin } = await given.organization();

    expect((await asking(stranger, { userName: 'admin' })).status).toBe(403);
    expect((await asking(admin, { userName: 'admin' })).status).toBe(404);
    expect((await asking(given.superAdmin, { userName: 'admin' }, UNKNOWN_ID)).status).toBe(404);
    expect((await asking(given.superAdmin, { userName: 'admin' }, 'no-uuid')).status).toBe(404);
  });

  it('needs a scope of the developer portal', async () => {
    expect((await asking(given.superAdmin.withScopes('apim:api_view'), { userName: 'admin' })).status).toBe(401);
    expect((await asking(given.superAdmin.withScopes('apim:subscribe'), { userName: 'admin' })).status).toBe(200);
  });
});
