import { expected } from '../support/actor.js';
import { Client } from '../support/client.js';
import { Cli } from './cli.js';

interface PolicyList {
  readonly list: readonly { readonly policyId: string; readonly policyName: string }[];
}

const THROTTLING = 'APIM_APIM__THROTTLING__';
const LEVELS = ['application', 'subscription', 'advanced'] as const;
const INVALID_TIER = { status: 400, code: 900305 };

/** The management APIs of a server of its own, as its administrator uses them. */
const faces = (cli: Cli) => {
  const administrator = () => ({ basic: { username: 'admin', password: 'admin' } });
  const face = (base: string) => new Client(base, administrator, cli.management);
  return { admin: face('/api/am/admin/v4'), publisher: face('/api/am/publisher/v4'), devportal: face('/api/am/devportal/v3') };
};

const namesOf = async ({ admin }: ReturnType<typeof faces>, level: (typeof LEVELS)[number]) =>
  expected(await admin.request<PolicyList>(`GET /throttling/policies/${level}`), 200).list.map(({ policyName }) => policyName);

const api = (further: object) => ({
  name: 'Books',
  context: '/books',
  version: '1.0.0',
  policies: ['Bronze'],
  endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' } },
  ...further,
});

it('starts without the policy Unlimited, and makes deleted policies again where it is told to', async () => {
  const limited = await Cli.start({ [`${THROTTLING}ENABLE_UNLIMITED_TIER`]: 'false' });
  const { dataDir } = limited;
  const { admin, publisher, devportal } = faces(limited);

  for (const level of LEVELS) expect(await namesOf(faces(limited), level)).not.toContain('Unlimited');
  const search = expected(await admin.request<PolicyList>('GET /throttling/policies/search', { query: { query: 'name:unlimited' } }), 200);
  expect(search.list.map(({ policyName }) => policyName)).toEqual(['AsyncUnlimited', 'AsyncWHUnlimited']);
  expect((await admin.request('GET /throttling/policies/export', { query: { name: 'Unlimited', type: 'app' } })).status).toBe(404);
  expect((await devportal.request('GET /throttling-policies/application/Unlimited')).status).toBe(404);

  expect(await publisher.request('POST /apis', { body: api({ policies: ['Unlimited'] }) })).toFailWith(INVALID_TIER);
  expect((await publisher.request('POST /apis', { body: api({ apiThrottlingPolicy: 'Unlimited' }) })).status).toBe(400);
  const application = { name: 'Shop', throttlingPolicy: 'Unlimited' };
  expect(await devportal.request('POST /applications', { body: application })).toFailWith(INVALID_TIER);
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
  for (const level of LEVELS) {
    const body = { policyName: 'Unlimited', defaultLimit };
    expect(await admin.request(`POST /throttling/policies/${level}`, { body })).toFailWith(INVALID_TIER);
  }

  const settings = expected(await publisher.request('GET /settings'), 200);
  expect(settings).toMatchObject({ defaultAdvancePolicy: '10KPerMin', defaultSubscriptionPolicy: 'AIBronze' });
  const made = expected(await publisher.request<{ operations: readonly object[] }>('POST /apis', { body: api({}) }), 201);
  expect(made.operations).toContainEqual(expect.objectContaining({ throttlingPolicy: '10KPerMin' }));
  const { list } = expected(await devportal.request<{ list: readonly object[] }>('GET /applications'), 200);
  expect(list).toEqual([expect.objectContaining({ throttlingPolicy: '10PerMin' })]);

  const { list: policies } = expected(await admin.request<PolicyList>('GET /throttling/policies/application'), 200);
  const policyId = policies.find(({ policyName }) => policyName === '50PerMin')?.policyId ?? '';
  expected(await admin.request('DELETE /throttling/policies/application/{policyId}', { path: { policyId } }), 200);
  await limited.stop();

  const plain = await Cli.start({}, dataDir);
  expect(await namesOf(faces(plain), 'application')).toEqual(['10PerMin', '20PerMin', 'Unlimited']);
  await plain.stop();

  const complete = await Cli.start({ [`${THROTTLING}ENABLE_POLICY_RECREATION_ON_STARTUP`]: 'true' }, dataDir);
  expect(await namesOf(faces(complete), 'application')).toEqual(['10PerMin', '20PerMin', '50PerMin', 'Unlimited']);
  await complete.stop();
}, 240_000);
