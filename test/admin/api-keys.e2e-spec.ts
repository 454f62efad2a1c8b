import { ApiKeyNotFound } from '../../src/api-keys/api-keys.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { answersWithKey, associate, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import { given } from '../support/given.js';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

interface Key {
  readonly keyUUID: string;
  readonly keyName: string;
}

const listed = async (by: Actor) => {
  const { count, list } = expected(await by.admin<{ count: number; list: readonly Key[] }>('GET /api-keys', {}), 200);
  expect(count).toBe(list.length);
  return list;
};
const revoke = (by: Actor, body: object) => by.admin('POST /api-keys/revoke', { body });

/** A tenant whose user has a key of an API, in use by an application. */
const tenant = async () => {
  const { admin } = await given.organization();
  const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const api = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
  const application = await given.application(ann);
  await given.subscription(api, application, { by: ann });
  const key = await keyOf(ann, api, { keyName: 'Ann’s', keyType: 'SANDBOX', validityPeriod: 600 });
  return { admin, ann, api, application, key };
};

it('lists the keys of everybody in the tenant', async () => {
  const { admin, ann, api, application, key } = await tenant();
  expect(await listed(admin)).toEqual([
    {
      keyUUID: key.id,
      keyName: 'Ann’s',
      apiName: api.name,
      keyType: 'SANDBOX',
      user: ann.username,
      issuedOn: expect.any(Number),
      validityPeriod: 600,
      lastUsed: null,
    },
  ]);

  await associate(ann, api, key.id, application);
  const path = { applicationId: application.applicationId, keyType: 'PRODUCTION' };
  expected(
    await ann.devportal('POST /applications/{applicationId}/api-keys/{keyType}/generate', { path, body: { keyName: 'Application’s' } }),
    200,
  );

  const [first, second] = await listed(admin);
  expect(first).toMatchObject({ keyUUID: key.id, applicationName: application.name });
  expect(second).toMatchObject({ keyName: 'Application’s', applicationName: application.name, keyType: 'PRODUCTION', user: ann.username });
  expect(second).not.toHaveProperty('apiName');
  expect(JSON.stringify([first, second])).not.toContain(key.apikey);
});

it('revokes anybody’s key, and the gateway refuses it', async () => {
  const { admin, ann, api, application, key } = await tenant();
  await associate(ann, api, key.id, application);
  await answersWithKey(api, key.apikey, 200);

  expect((await revoke(admin, { keyUUID: key.id })).status).toBe(200);

  await answersWithKey(api, key.apikey, 401);
  expect(await listed(admin)).toEqual([]);
  expect(await revoke(admin, { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
});

it.each([
  ['an unknown id', { keyUUID: UNKNOWN_ID }, ApiKeyNotFound(UNKNOWN_ID)],
  ['an id that is none', { keyUUID: 'x' }, ApiKeyNotFound('x')],
  ['no id', {}, { status: 400, code: 400 }],
  ['an id of another type', { keyUUID: 5 }, { status: 400, code: 400 }],
  ['a value', { apikey: 'x' }, { status: 400, code: 400 }],
])('refuses %s', async (_, body, problem) => expect(await revoke(given.superAdmin, body)).toFailWith(problem));

it('knows nothing of another tenant’s keys', async () => {
  const { api, ann, key } = await tenant();
  const { admin: stranger } = await given.organization();

  expect(await listed(stranger)).toEqual([]);
  expect(await revoke(stranger, { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
  expect(await revoke(given.superAdmin, { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
  const { body } = await ann.devportal<{ count: number }>('GET /apis/{apiId}/api-keys', { path: { apiId: api.id } });
  expect(body.count).toBe(1);
});

it('is for administrators', async () => {
  const { ann, admin, key } = await tenant();

  for (const by of [ann, admin.withScopes('apim:api_key')]) {
    expect(await by.admin('GET /api-keys', {})).toFailWith(Unauthenticated());
    expect(await revoke(by, { keyUUID: key.id })).toFailWith(Unauthenticated());
  }
});
