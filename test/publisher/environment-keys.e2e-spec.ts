import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { InvalidEnvironmentProperties } from '../../src/apis/environment-keys/environment-keys.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { EnvironmentNotFound } from '../../src/environments/environments.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const KEYS = '/apis/{apiId}/environments/{envId}/keys';
const PROPERTIES = { productionEndpoint: 'https://production.example.com', sandboxEndpoint: 'https://sandbox.example.com' };

let admin: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const on = (method: 'GET' | 'PUT', { by = admin, envId = 'Default', ...options }: RequestOptions & { by?: Actor; envId?: string } = {}) =>
  by.publisher(`${method} ${KEYS}`, { path: { apiId, envId }, ...options });

it('are kept for one environment each', async () => {
  const name = unique('env');
  const vhosts = [{ host: `${name}.example.com`, httpPort: 80, httpsPort: 443, wsPort: 9099, wssPort: 8099 }];
  const made = await admin.admin<{ id: string }>('POST /environments', { body: { name, displayName: name, vhosts } });
  const envId = expected(made, 201).id;

  expect(await on('PUT', { body: PROPERTIES })).toMatchObject({ status: 200, body: PROPERTIES });
  expect(await on('PUT', { envId, body: { productionEndpoint: 'x' } })).toMatchObject({ status: 200 });

  expect((await on('GET')).body).toEqual(PROPERTIES);
  expect((await on('GET', { envId })).body).toEqual({ productionEndpoint: 'x' });
});

it('are empty at first, are replaced whole, and leave out what has no value', async () => {
  expect(await on('GET')).toMatchObject({ status: 200, body: {} });
  expected(await on('PUT', { body: PROPERTIES }), 200);

  const answer = await on('PUT', { body: { productionEndpoint: null, sandboxEndpoint: 'y' } });

  expect(answer.body).toEqual({ sandboxEndpoint: 'y' });
  expect((await on('GET')).body).toEqual({ sandboxEndpoint: 'y' });
});

it.each<[string, unknown]>([
  ['another key', { other: 'x' }],
  ['a number', { productionEndpoint: 5 }],
  ['an object', { productionEndpoint: {} }],
  ['a list', []],
  ['a zero byte', { productionEndpoint: 'a\0b' }],
  ['a very long value', { productionEndpoint: 'x'.repeat(5_000) }],
])('refuse %s', async (_, body) => {
  expect(await on('PUT', { body })).toFailWith(InvalidEnvironmentProperties);
});

it('are of environments that exist, and of the own tenant', async () => {
  const { admin: stranger } = await given.organization();

  expect(await on('GET', { envId: 'unknown' })).toFailWith(EnvironmentNotFound('unknown'));
  expect(await on('PUT', { envId: 'unknown', body: PROPERTIES })).toFailWith(EnvironmentNotFound('unknown'));
  expect(await on('GET', { by: stranger })).toFailWith(ApiNotFound(apiId));
  expect(await on('PUT', { by: stranger, body: PROPERTIES })).toFailWith(ApiNotFound(apiId));
});

it('are not for every scope', async () => {
  const viewer = admin.withScopes('apim:api_view');

  expect(await on('GET', { by: viewer })).toFailWith(Unauthenticated());
  expect(await on('PUT', { by: viewer, body: PROPERTIES })).toFailWith(Unauthenticated());
});
