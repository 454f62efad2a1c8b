import { ApiKeyNotAssociated, ApiKeyNotFound, IpInvalid, NotSubscribed } from '../../src/api-keys/api-keys.problems.js';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { ApplicationNotFound, NotYourApplication } from '../../src/applications/applications.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import {
  answersWithKey,
  associate,
  type IssuedKey,
  type KeyList,
  keyOf,
  TOKENS_AND_KEYS,
  withoutSubscriptions,
} from '../support/api-keys.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const PLANS = ['Unlimited'];

let admin: Actor;
let api: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  api = await given.publishedApi({ by: admin, policies: PLANS, with: TOKENS_AND_KEYS, backend: await given.backend() });
});

const subscriber = () => given.user({ roles: ['Internal/subscriber'], by: admin });
const at = (by: Actor, operation: string, body?: Body, of: Pick<GivenApi, 'id'> = api) => {
  const [method = '', verb = ''] = operation.split(' ');
  return by.devportal<IssuedKey & KeyList>(`${method} /apis/{apiId}/api-keys${verb && `/${verb}`}`, {
    path: { apiId: of.id },
    ...(body && { body }),
  });
};
const listed = async (by: Actor, of?: Pick<GivenApi, 'id'>) => expected(await at(by, 'GET', undefined, of), 200).list;

describe('generate', () => {
  it('shows the value once', async () => {
    const ann = await subscriber();
    const before = Date.now();

    const answer = await at(ann, 'POST generate', { keyName: 'Mine', keyType: 'SANDBOX', validityPeriod: 3_600, additionalProperties: {} });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ keyName: 'Mine', apikey: expect.stringMatching(/^[\w-]{43}$/), validityPeriod: 3_600 });
    const list = await listed(ann);
    expect(list).toEqual([{ keyUUID: expect.any(String), keyName: 'Mine', issuedOn: expect.any(Number), validityPeriod: 3_600 }]);
    expect(list[0]?.issuedOn).toBeGreaterThanOrEqual(before);
    expect(JSON.stringify(list)).not.toContain(answer.body.apikey);
  });

  it.each([undefined, 0, -1, -5])('makes a key without an end of the validity %s', async (validityPeriod) => {
    const { apikey, ...rest } = await keyOf(admin, api, { validityPeriod });

    expect(rest.validityPeriod).toBe(-1);
  });

  it.each([
    ['no name', { keyName: undefined }],
    ['an empty name', { keyName: '' }],
    ['a name of 256 characters', { keyName: 'x'.repeat(256) }],
    ['no type', { keyType: undefined }],
    ['another type', { keyType: 'TEST' }],
    ['half a second', { validityPeriod: 0.5 }],
    ['a validity as text', { validityPeriod: '60' }],
    ['a validity beyond all dates', { validityPeriod: 1e15 }],
    ['properties that are none', { additionalProperties: 'x' }],
    ['a referrer that is no text', { additionalProperties: { permittedReferer: 5 } }],
    ['an unknown property', { colour: 'red' }],
  ])('refuses %s', async (_, change) => {
    expect(await at(admin, 'POST generate', { keyName: 'Key', keyType: 'PRODUCTION', ...change })).toFailWith({ status: 400, code: 400 });
  });

  it('refuses an empty body, and says which address is none', async () => {
    expect(await admin.devportal('POST /apis/{apiId}/api-keys/generate', { path: { apiId: api.id } })).toFailWith({
      status: 400,
      description: 'Request payload cannot be empty.',
    });
    const additionalProperties = { permittedIP: '10.0.0.1,10.0.0.0/40' };
    expect(await at(admin, 'POST generate', { keyName: 'Key', keyType: 'PRODUCTION', additionalProperties })).toFailWith(
      IpInvalid('10.0.0.0/40'),
    );
  });
});

describe('what a user may see', () => {
  it('is what is the user’s own', async () => {
    const [ann, bob] = [await subscriber(), await subscriber()];
    const key = await keyOf(ann, api);

    expect(await listed(bob)).toEqual([]);
    for (const verb of ['regenerate', 'revoke', 'dissociate'])
      expect(await at(bob, `POST ${verb}`, { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
    const application = await given.application(bob);
    await given.subscription(api, application, { by: bob });
    const body = { keyUUID: key.id, applicationUUID: application.applicationId };
    expect(await at(bob, 'POST associate', body)).toFailWith(ApiKeyNotFound(key.id));
    expect((await listed(ann)).map(({ keyUUID }) => keyUUID)).toEqual([key.id]);
  });

  it('is not another tenant’s API', async () => {
    const { admin: stranger } = await given.organization();
    const key = await keyOf(admin, api);

    expect(await at(stranger, 'GET')).toFailWith(ApiNotFound(api.id));
    expect(await at(stranger, 'POST generate', { keyName: 'Key', keyType: 'PRODUCTION' })).toFailWith(ApiNotFound(api.id));
    expect(await at(stranger, 'POST revoke', { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
    expect(await at(stranger, 'POST regenerate', { keyUUID: key.id })).toFailWith(ApiNotFound(api.id));
  });

  it('is not an API that is restricted to other roles', async () => {
    const closed = await given.publishedApi({
      by: admin,
      with: { ...TOKENS_AND_KEYS, visibility: 'RESTRICTED', visibleRoles: ['admin'] },
    });
    const ann = await subscriber();

    expect(await at(ann, 'GET', undefined, closed)).toFailWith(ApiNotFound(closed.id));
    expect(await at(ann, 'POST generate', { keyName: 'Key', keyType: 'PRODUCTION' }, closed)).toFailWith(ApiNotFound(closed.id));
  });

  it('needs one of the scopes for it', async () => {
    const poor = admin.withScopes('apim:store_settings');
    const keyUUID = UNKNOWN_ID;

    expect(await at(poor, 'GET')).toFailWith(Unauthenticated());
    expect(await at(poor, 'POST generate', { keyName: 'Key', keyType: 'PRODUCTION' })).toFailWith(Unauthenticated());
    for (const verb of ['regenerate', 'revoke', 'dissociate', 'associate'])
      expect(await at(poor, `POST ${verb}`, { keyUUID, ...(verb === 'associate' && { applicationUUID: UNKNOWN_ID }) })).toFailWith(
        Unauthenticated(),
      );
    expect((await at(admin.withScopes('apim:api_key'), 'GET')).status).toBe(200);
  });
});

describe('a key that is unknown', () => {
  it.each(['regenerate', 'revoke', 'dissociate'])('cannot be the object of %s', async (verb) => {
    expect(await at(admin, `POST ${verb}`, { keyUUID: UNKNOWN_ID })).toFailWith(ApiKeyNotFound(UNKNOWN_ID));
    expect(await at(admin, `POST ${verb}`, { keyUUID: 'x' })).toFailWith(ApiKeyNotFound('x'));
    expect(await at(admin, `POST ${verb}`, {})).toFailWith({ status: 400, code: 400 });
  });

  it('is one of another API', async () => {
    const other = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS });
    const key = await keyOf(admin, other);

    expect(await at(admin, 'POST revoke', { keyUUID: key.id })).toFailWith(ApiKeyNotFound(key.id));
  });
});

it('the definition says in which header a key goes, where the API takes keys', async () => {
  const named = await given.publishedApi({ by: admin, with: { ...TOKENS_AND_KEYS, apiKeyHeader: 'X-Pet-Key' } });
  const without = await given.publishedApi({ by: admin });
  const schemes = async ({ id }: GivenApi) => {
    const answer = await admin.devportal<{ components: { securitySchemes: Body } }>('GET /apis/{apiId}/swagger', { path: { apiId: id } });
    return expected(answer, 200).components.securitySchemes;
  };

  expect((await schemes(named))['api_key']).toEqual({ type: 'apiKey', in: 'header', name: 'X-Pet-Key' });
  expect(await schemes(without)).not.toHaveProperty('api_key');
});

describe('If-Match', () => {
  it('keeps a key that the list no longer shows as it was', async () => {
    const ann = await subscriber();
    const key = await keyOf(ann, api);
    const { headers } = await at(ann, 'GET');
    await keyOf(ann, api);
    const revoke = (etag: string) =>
      ann.devportal('POST /apis/{apiId}/api-keys/revoke', {
        path: { apiId: api.id },
        body: { keyUUID: key.id },
        headers: { 'if-match': etag },
      });

    expect(await revoke(headers['etag'] ?? '')).toFailWith({ status: 412 });
    expect((await revoke((await at(ann, 'GET')).headers['etag'] ?? '')).status).toBe(200);
  });
});

describe('regenerate and revoke', () => {
  it('end a value at the gateway at once', async () => {
    const ann = await subscriber();
    const application = await given.application(ann);
    await given.subscription(api, application, { by: ann });
    const additionalProperties = { permittedIP: '127.0.0.1, ::1' };
    const first = await keyOf(ann, api, { keyName: 'Lasting', validityPeriod: 3_600, additionalProperties });
    await associate(ann, api, first.id, application);
    await answersWithKey(api, first.apikey, 200);

    const second = expected(await at(ann, 'POST regenerate', { keyUUID: first.id }), 200);

    expect(second).toMatchObject({ keyName: 'Lasting', validityPeriod: 3_600 });
    await answersWithKey(api, first.apikey, 401);
    await answersWithKey(api, second.apikey, 200);
    expect(await listed(ann)).toEqual([
      expect.objectContaining({ keyUUID: first.id, keyName: 'Lasting', associatedApp: application.name }),
    ]);
    expect((await at(ann, 'POST revoke', { keyUUID: first.id })).status).toBe(200);
    await answersWithKey(api, second.apikey, 401);
    expect(await listed(ann)).toEqual([]);
    expect(await at(ann, 'POST revoke', { keyUUID: first.id })).toFailWith(ApiKeyNotFound(first.id));
  });

  it('leave one value of many that are asked for at once', async () => {
    const free = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
    await withoutSubscriptions(admin, free);
    const key = await keyOf(admin, free);

    const answers = await Promise.all(Array.from({ length: 5 }, () => at(admin, 'POST regenerate', { keyUUID: key.id }, free)));

    const values = [key.apikey, ...answers.map((answer) => expected(answer, 200).apikey)];
    expect(new Set(values).size).toBe(6);
    expect(await listed(admin, free)).toHaveLength(1);
    await answersWithKey(free, key.apikey, 401);
    const statuses = () => Promise.all(values.map(async (value) => (await gateway(`${free.url}/`, { headers: { ApiKey: value } })).status));
    await eventually(
      statuses,
      (all) => all.filter((status) => status === 200).length === 1 && all.filter((status) => status === 401).length === 5,
    );
  });
});

describe('associate', () => {
  it('lets a key use the application’s subscription, until it is dissociated', async () => {
    const ann = await subscriber();
    const application = await given.application(ann);
    await given.subscription(api, application, { by: ann });
    const key = await keyOf(ann, api);
    await answersWithKey(api, key.apikey, 403);

    const answer = await at(ann, 'POST associate', { keyUUID: key.id, applicationUUID: application.applicationId });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ keyName: 'Key', apiName: api.name, applicationName: application.name });
    await answersWithKey(api, key.apikey, 200);
    expect(await listed(ann)).toEqual([expect.objectContaining({ associatedApp: application.name })]);
    expect((await at(ann, 'POST dissociate', { keyUUID: key.id })).status).toBe(200);
    await answersWithKey(api, key.apikey, 403);
    expect(await at(ann, 'POST dissociate', { keyUUID: key.id })).toFailWith(ApiKeyNotAssociated());
  });

  it('refuses an application that is not subscribed, or not the caller’s', async () => {
    const ann = await subscriber();
    const key = await keyOf(ann, api);
    const [own, foreign] = [await given.application(ann), await given.application(admin)];
    const to = (applicationUUID: string) => at(ann, 'POST associate', { keyUUID: key.id, applicationUUID });

    expect(await to(own.applicationId)).toFailWith(NotSubscribed(own.name, api.name));
    expect(await to(foreign.applicationId)).toFailWith(NotYourApplication(foreign.applicationId));
    expect(await to(UNKNOWN_ID)).toFailWith(ApplicationNotFound(UNKNOWN_ID));
    expect(await at(ann, 'POST associate', { keyUUID: key.id })).toFailWith({ status: 400, code: 400 });
  });

  it('needs no subscription where the API needs none', async () => {
    const free = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS });
    await withoutSubscriptions(admin, free);
    const key = await keyOf(admin, free);

    await associate(admin, free, key.id, await given.application(admin));
  });

  it('moves a key from one application to another', async () => {
    const ann = await subscriber();
    const [one, two] = [await given.application(ann), await given.application(ann)];
    for (const application of [one, two]) await given.subscription(api, application, { by: ann });
    const key = await keyOf(ann, api);

    await associate(ann, api, key.id, one);
    await associate(ann, api, key.id, two);

    expect((await listed(ann)).map(({ associatedApp }) => associatedApp)).toEqual([two.name]);
  });
});

describe('what a key rests on', () => {
  const associated = async () => {
    const own = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
    const application = await given.application(admin);
    const subscription = await given.subscription(own, application, { by: admin });
    const key = await keyOf(admin, own);
    await associate(admin, own, key.id, application);
    await answersWithKey(own, key.apikey, 200);
    return { own, application, subscription, key };
  };

  it('is its subscription: without it the key is associated with nothing', async () => {
    const { own, subscription, key } = await associated();

    expected(
      await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId: subscription.subscriptionId } }),
      200,
    );

    await answersWithKey(own, key.apikey, 403);
    expect((await listed(admin, own))[0]).not.toHaveProperty('associatedApp');
  });

  it('is its application: without it the key stays, associated with nothing', async () => {
    const { own, application, key } = await associated();

    expected(await admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }), 200);

    await answersWithKey(own, key.apikey, 403);
    expect((await listed(admin, own))[0]).not.toHaveProperty('associatedApp');
  });

  it('is its API: the keys of a deleted one are gone', async () => {
    const { own, subscription } = await associated();
    expected(
      await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId: subscription.subscriptionId } }),
      200,
    );

    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: own.id } }), 200);

    const { list } = expected(await admin.admin<{ list: readonly { apiName?: string }[] }>('GET /api-keys'), 200);
    expect(list.filter(({ apiName }) => apiName === undefined || apiName === own.name)).toEqual([]);
  });
});
