import { createHash } from 'node:crypto';
import type { ApiKeyDocument } from '../../domain/gateway-documents.js';
import { apiRow, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import { policy, subscription } from './throttling.fixture.js';

const ELSEWHERE = 'elsewhere.com';
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

/** An application of another tenant, with the number of the usual one, that has subscribed to the usual API and has keys of its tenant. */
const foreigner = () => [
  row('application', 'app-9', { uuid: 'app-9', id: 1, name: 'App', owner: 'ann', policy: 'Unlimited', organization: ELSEWHERE }, ELSEWHERE),
  row('key-mapping', 'Resident Key Manager:key-9', {
    consumerKey: 'key-9',
    keyManager: 'Resident Key Manager',
    applicationId: 'app-9',
    keyType: 'PRODUCTION',
  }),
  row(
    'subscription',
    'sub-9',
    { subscriptionId: 'sub-9', apiId: 'pizza', applicationId: 'app-9', policy: 'One', state: 'UNBLOCKED' },
    ELSEWHERE,
  ),
];

const apiKey = (value: string, changes: Partial<ApiKeyDocument>) =>
  row(
    'api-key',
    createHash('sha256').update(value).digest('base64url'),
    {
      ...{ keyId: `id-${value}`, owner: 'ann', keyType: 'PRODUCTION', apiId: null, applicationId: 'app-9', expiresAt: null },
      restrictions: { ips: [], referers: [] },
      ...changes,
    },
    ELSEWHERE,
  );

beforeEach(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    ...subscriber(signer),
    ...foreigner(),
    policy('subscription', 'One', { count: 1 }),
    subscription('One'),
    apiRow(backend.url, { securityScheme: ['oauth2', 'api_key'] }),
  ]);
});
afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

const call = async (headers: Record<string, string>) => (await gateway.call('/pizza/1.0.0/menu', { headers })).status;
const byToken = (azp: string) => call({ Authorization: `Bearer ${signer.token({ azp })}` });
const byKey = (value: string) => call({ ApiKey: value });

it('counts applications of two tenants apart, though they have one number', async () => {
  expect([await byToken('key-1'), await byToken('key-1')]).toEqual([200, 429]);
  expect([await byToken('key-9'), await byToken('key-9')]).toEqual([200, 429]);
});

it('lets nothing through of a tenant that is not active', async () => {
  gateway.engine.apply([row('organization', ELSEWHERE, { active: false }, ELSEWHERE)]);
  expect(await byToken('key-9')).toBe(403);

  gateway.engine.apply([row('organization', ELSEWHERE, { active: true }, ELSEWHERE)]);
  expect(await byToken('key-9')).toBe(200);
});

it('takes the key of an application that has subscribed, as long as both are there', async () => {
  gateway.engine.apply([policy('subscription', 'One', {}), apiKey('mine', {})]);
  expect(await byKey('mine')).toBe(200);

  gateway.engine.apply([row('subscription', 'sub-9', null, ELSEWHERE)]);
  expect(await byKey('mine')).toBe(401);

  gateway.engine.apply([...foreigner(), row('api-key', createHash('sha256').update('mine').digest('base64url'), null, ELSEWHERE)]);
  expect(await byKey('mine')).toBe(401);
});

it.each([
  ['of an application that has not subscribed', { applicationId: 'app-8' }],
  ['of no application', { applicationId: null }],
  ['of an API there', { apiId: 'other' }],
  ['that has ended', { expiresAt: 1 }],
])('refuses a key %s', async (_, changes) => {
  gateway.engine.apply([apiKey('other', changes)]);

  expect(await byKey('other')).toBe(401);
});
