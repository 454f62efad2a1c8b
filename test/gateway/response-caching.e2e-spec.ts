import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const operations = [
  { verb: 'GET', target: '/menu', authType: 'None' },
  { verb: 'POST', target: '/menu', authType: 'None' },
];

/** Every worker of a gateway keeps answers for itself; this one has the answer. */
const fromMemory = (path: string) =>
  eventually(
    () => gateway(path),
    ({ headers }) => headers['age'] !== undefined,
  );

it('answers from memory, until something is written or the API is deployed anew', async () => {
  const backend = await given.backend();
  const api = await given.publishedApi({ by: admin, backend, with: { operations, responseCachingEnabled: true, cacheTimeout: 60 } });

  const kept = await fromMemory(`${api.url}/menu?page=1`);
  const calls = backend.requests.filter(({ url }) => url === '/menu?page=1').length;
  await gateway(`${api.url}/menu?page=2`);

  expect(kept).toMatchObject({ status: 200, body: { method: 'GET', url: '/menu?page=1' } });
  expect(calls).toBeGreaterThan(0);
  expect(backend.requests.at(-1)?.url).toBe('/menu?page=2');

  await given.deployment(api, admin);
  await eventually(
    async () => {
      await gateway(`${api.url}/menu?page=1`);
      return backend.requests.filter(({ url }) => url === '/menu?page=1').length;
    },
    (now) => now > calls,
  );
});

it('asks the backend each time where caching is off', async () => {
  const backend = await given.backend();
  const api = await given.publishedApi({ by: admin, backend, with: { operations } });
  const path = { apiId: api.id };

  for (let i = 0; i < 3; i += 1) await gateway(`${api.url}/menu`);

  expect(expected(await admin.publisher('GET /apis/{apiId}', { path }), 200)).toMatchObject({ cacheTimeout: 300 });
  expect(backend.requests.filter(({ url }) => url === '/menu')).toHaveLength(3);
});
