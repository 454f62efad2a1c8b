import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { roomInTheMinute, statuses } from '../support/throttling.js';

const PER_MINUTE = { production: 4, productionTimeUnit: 'MINUTE', sandbox: 2, sandboxTimeUnit: 'MINUTE' };

it('passes on no more than the publisher says the backends take, by the type of the key', async () => {
  const backend = await given.backend();
  const { api, token, application } = await given.subscriber({ backend, with: { maxTps: PER_MINUTE }, probe: false });
  const sandbox = await given.applicationToken(await given.keys(application, { keyType: 'SANDBOX' }));
  await roomInTheMinute();
  const before = backend.requests.length;
  // The call that finds the key ready is one of those that are counted.
  for (const each of [token, sandbox])
    await eventually(
      () => gateway(`${api.url}/x`, { token: each }),
      ({ status }) => status === 200,
    );

  const production = await statuses(5, () => gateway(`${api.url}/x`, { token }));
  const refused = await gateway(`${api.url}/x`, { token });

  expect(production).toEqual([200, 200, 200, 503, 503]);
  expect(refused.body).toEqual({ code: '900801', message: 'API Limit Reached', description: 'API not accepting requests' });
  expect(await statuses(3, () => gateway(`${api.url}/x`, { token: sandbox }))).toEqual([200, 503, 503]);
  expect(backend.requests.length - before).toBe(6);
});

it('lets all through again once the limit is gone', async () => {
  const backend = await given.backend();
  const { api, token } = await given.subscriber({ backend, with: { maxTps: { production: 1, productionTimeUnit: 'HOUR' } } });
  const call = () => gateway(`${api.url}/x`, { token });
  expect((await call()).status).toBe(503);

  const path = { apiId: api.id };
  const current = expected(await given.superAdmin.publisher<object>('GET /apis/{apiId}', { path }), 200);
  const changed = expected(
    await given.superAdmin.publisher<{ maxTps: unknown }>('PUT /apis/{apiId}', { path, body: { ...current, maxTps: null } }),
    200,
  );
  await given.deployment(api);

  expect(changed.maxTps ?? null).toBeNull();
  expect((await eventually(call, ({ status }) => status === 200)).status).toBe(200);
});
