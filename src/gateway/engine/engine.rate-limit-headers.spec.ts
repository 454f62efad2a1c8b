import type { IncomingHttpHeaders } from 'node:http';
import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import type { RateLimitHeaderSettings } from './throttling/rate-limit-headers.js';
import { application, policy, subscription } from './throttling.fixture.js';

const DAY_S = 86_400;
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend((_, reply) => {
    reply.setHeader('X-RateLimit-Limit', "the backend's own");
    reply.end('hello');
  });
});
afterAll(() => backend.stop());
afterEach(() => gateway.stop());

const start = async (rateLimitHeaders: RateLimitHeaderSettings) => {
  gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      apiRow(backend.url, { operations: [operation('GET', '/menu'), operation('POST', '/order')] }),
      policy('subscription', 'Five', { count: 5 }),
      subscription('Five'),
      policy('application', 'Three', { count: 3 }),
      application('Three'),
    ],
    { rateLimitHeaders },
  );
};
const call = async (sub: string) => {
  const { status, headers } = await gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${signer.token({ sub })}` } });
  return { status, told: told(headers) };
};
const told = (headers: IncomingHttpHeaders) =>
  ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'ratelimit-policy', 'ratelimit'].map((name) => headers[name]);
const midnight = () => String(Math.ceil(Date.now() / 1_000 / DAY_S) * DAY_S);

it('tells the most restrictive limit of each request, of one that was refused the limit in the way', async () => {
  await start({ xRateLimit: true, rateLimit: false });

  expect(await call('ann')).toEqual({ status: 200, told: ['3', '2', midnight(), undefined, undefined] });
  expect(await call('ann')).toEqual({ status: 200, told: ['3', '1', midnight(), undefined, undefined] });
  expect(await call('ann')).toEqual({ status: 200, told: ['3', '0', midnight(), undefined, undefined] });
  expect(await call('ann')).toEqual({ status: 429, told: ['3', '0', midnight(), undefined, undefined] });
  // Of the subscription, which they share, one is left; bob has two of his own.
  expect(await call('bob')).toEqual({ status: 200, told: ['5', '1', midnight(), undefined, undefined] });
  expect(await call('bob')).toEqual({ status: 200, told: ['5', '0', midnight(), undefined, undefined] });
  expect(await call('bob')).toEqual({ status: 429, told: ['5', '0', midnight(), undefined, undefined] });
});

it('tells it as the IETF drafts it', async () => {
  await start({ xRateLimit: false, rateLimit: true });

  const { told: first } = await call('ann');
  const seconds = Number(midnight()) - Math.floor(Date.now() / 1_000);

  expect(first.slice(0, 4)).toEqual(["the backend's own", undefined, undefined, '"application";q=3;w=86400']);
  const [, left, t] = /^"application";r=(\d+);t=(\d+)$/.exec(String(first[4])) ?? [];
  expect(left).toBe('2');
  expect(Math.abs(Number(t) - seconds)).toBeLessThanOrEqual(2);
});

it('tells nothing where no number of requests is limited, and where it was not switched on', async () => {
  await start({ xRateLimit: true, rateLimit: true });
  gateway.engine.apply([
    policy('subscription', 'Five', {}),
    policy('application', 'Three', { type: 'BANDWIDTHLIMIT', count: 1, dataUnit: 'MB' }),
  ]);
  expect((await call('ann')).told).toEqual(["the backend's own", undefined, undefined, undefined, undefined]);
  await gateway.stop();

  await start({ xRateLimit: false, rateLimit: false });
  expect((await call('ann')).told).toEqual(["the backend's own", undefined, undefined, undefined, undefined]);
});
