import { createSign, generateKeyPairSync } from 'node:crypto';
import {
  ApiKeyNotAssociated,
  ApiKeyNotFound,
  KeyTypeInvalid,
  LegacyKeysDisabled,
  NotSubscribed,
  OneOfKeyAndId,
} from '../../src/api-keys/api-keys.problems.js';
import { ApplicationNotFound, NotYourApplication } from '../../src/applications/applications.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { answersWithKey, type IssuedKey, type KeyList, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import { type Body, Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type GivenApi, type GivenApplication, given } from '../support/given.js';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

let admin: Actor;
let api: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  api = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
});

type Answered = IssuedKey & KeyList;
const at = (
  by: Actor,
  { applicationId }: Pick<GivenApplication, 'applicationId'>,
  operation: string,
  body?: Body,
  keyType = 'PRODUCTION',
) => {
  const [method = '', verb = ''] = operation.split(' ');
  return by.devportal<Answered>(`${method} /applications/{applicationId}/api-keys/{keyType}${verb && `/${verb}`}`, {
    path: { applicationId, keyType },
    ...(body && { body }),
  });
};
const listed = async (by: Actor, application: GivenApplication, which = '', keyType = 'PRODUCTION') =>
  expected(await at(by, application, `GET ${which}`.trim(), undefined, keyType), 200).list;
const issue = async (by: Actor, application: GivenApplication, body: Body = { keyName: 'Own' }, keyType = 'PRODUCTION') => {
  const issued = expected(await at(by, application, 'POST generate', body, keyType), 200);
  return { ...issued, id: (await listed(by, application, '', keyType)).at(-1)?.keyUUID ?? '' };
};
const subscribed = async (by = admin) => {
  const application = await given.application(by);
  await given.subscription(api, application, { by });
  return application;
};

describe('a key of an application', () => {
  it('opens every API the application is subscribed to', async () => {
    const application = await subscribed();
    const other = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });

    const key = await issue(admin, application);

    expect(key).toMatchObject({ keyName: 'Own', apikey: expect.stringMatching(/^[\w-]{43}$/), validityPeriod: -1 });
    await answersWithKey(api, key.apikey, 200);
    await answersWithKey(other, key.apikey, 403);
    await given.subscription(other, application, { by: admin });
    await answersWithKey(other, key.apikey, 200);
  });

  it('is listed by its type, without its value', async () => {
    const application = await subscribed();

    const key = await issue(admin, application, { keyName: 'Try', validityPeriod: 60 }, 'SANDBOX');

    expect(await listed(admin, application, '', 'SANDBOX')).toEqual([
      { keyUUID: key.id, keyName: 'Try', issuedOn: expect.any(Number), validityPeriod: 60 },
    ]);
    expect(await listed(admin, application)).toEqual([]);
  });

  it('has another value after it is regenerated, and none after it is revoked', async () => {
    const application = await subscribed();
    const first = await issue(admin, application);

    const second = expected(await at(admin, application, 'POST regenerate', { keyUUID: first.id }), 200);

    await answersWithKey(api, first.apikey, 401);
    await answersWithKey(api, second.apikey, 200);
    expect((await at(admin, application, 'POST revoke', { keyUUID: first.id })).status).toBe(200);
    await answersWithKey(api, second.apikey, 401);
    expect(await listed(admin, application)).toEqual([]);
  });

  it('is revoked by its value too', async () => {
    const application = await subscribed();
    const { apikey } = await issue(admin, application);
    await answersWithKey(api, apikey, 200);

    expect((await at(admin, application, 'POST revoke', { apikey })).status).toBe(200);

    await answersWithKey(api, apikey, 401);
    expect(await at(admin, application, 'POST revoke', { apikey })).toFailWith(ApiKeyNotFound(''));
  });

  it('goes with its application', async () => {
    const application = await subscribed();
    const { apikey } = await issue(admin, application);
    await answersWithKey(api, apikey, 200);

    expected(await admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }), 200);

    await answersWithKey(api, apikey, 401);
  });

  it.each([
    ['an unknown type', 'generate', { keyName: 'x' }, 'TEST', KeyTypeInvalid()],
    ['no name', 'generate', {}, 'PRODUCTION', { status: 400 }],
    ['an unknown property', 'generate', { keyName: 'x', keyType: 'PRODUCTION' }, 'PRODUCTION', { status: 400 }],
    ['an unknown key', 'regenerate', { keyUUID: UNKNOWN_ID }, 'PRODUCTION', ApiKeyNotFound(UNKNOWN_ID)],
    ['an id that is none', 'revoke', { keyUUID: 'x' }, 'PRODUCTION', ApiKeyNotFound('x')],
    ['neither value nor id', 'revoke', {}, 'PRODUCTION', OneOfKeyAndId()],
    ['both value and id', 'revoke', { keyUUID: UNKNOWN_ID, apikey: 'x' }, 'PRODUCTION', OneOfKeyAndId()],
    ['an unknown key of an API', 'dissociate', { keyUUID: UNKNOWN_ID }, 'PRODUCTION', ApiKeyNotAssociated()],
    ['no key', 'associate', { apiUUID: UNKNOWN_ID }, 'PRODUCTION', { status: 400 }],
  ])('%s is refused by %s', async (_, verb, body, keyType, problem) => {
    expect(await at(admin, await given.application(admin), `POST ${verb}`, body, keyType)).toFailWith(problem);
  });

  it('refuses a body that is none', async () => {
    expect(await at(admin, await given.application(admin), 'POST generate')).toFailWith({
      status: 400,
      description: 'Request payload cannot be empty.',
    });
  });

  it('is not for somebody else’s application, another tenant, or a scope for something else', async () => {
    const application = await subscribed();
    const key = await issue(admin, application);
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { admin: stranger } = await given.organization();
    const id = application.applicationId;

    for (const operation of ['GET', 'GET subscriptions', 'GET associations']) {
      expect(await at(ann, application, operation)).toFailWith(NotYourApplication(id));
      expect(await at(stranger, application, operation)).toFailWith(ApplicationNotFound(id));
      expect(await at(admin.withScopes('apim:store_settings'), application, operation)).toFailWith(Unauthenticated());
    }
    const bodies = {
      generate: { keyName: 'x' },
      regenerate: { keyUUID: key.id },
      revoke: { keyUUID: key.id },
      dissociate: { keyUUID: key.id },
    };
    for (const [verb, body] of Object.entries({ ...bodies, associate: { keyUUID: key.id, apiUUID: api.id } })) {
      expect(await at(ann, application, `POST ${verb}`, body)).toFailWith(NotYourApplication(id));
      expect(await at(stranger, application, `POST ${verb}`, body)).toFailWith(ApplicationNotFound(id));
      expect(await at(admin.withScopes('apim:store_settings'), application, `POST ${verb}`, body)).toFailWith(Unauthenticated());
    }
    await answersWithKey(api, key.apikey, 200);
  });
});

describe('keys of APIs, from the application’s side', () => {
  it('are offered, associated and dissociated', async () => {
    const application = await subscribed();
    const key = await keyOf(admin, api, { keyName: 'Offered' });
    await keyOf(admin, api, { keyName: 'Sandboxed', keyType: 'SANDBOX' });
    const offered = { keyName: 'Offered', keyUUID: key.id, apiName: api.name, apiUUID: api.id };
    expect(await listed(admin, application, 'subscriptions')).toEqual([offered]);
    expect((await listed(admin, application, 'subscriptions', 'SANDBOX')).map(({ keyName }) => keyName)).toEqual(['Sandboxed']);

    const answer = await at(admin, application, 'POST associate', { keyUUID: key.id, apiUUID: api.id });

    expect(answer.body).toEqual({ keyName: 'Offered', apiName: api.name, applicationName: application.name });
    await answersWithKey(api, key.apikey, 200);
    expect(await listed(admin, application, 'subscriptions')).toEqual([]);
    expect(await listed(admin, application, 'associations')).toEqual([
      expect.objectContaining({ ...offered, issuedOn: expect.any(Number), validityPeriod: -1 }),
    ]);
    expect(await listed(admin, application)).toEqual([]);
    expect((await at(admin, application, 'POST dissociate', { keyUUID: key.id })).status).toBe(200);
    await answersWithKey(api, key.apikey, 403);
    expect(await listed(admin, application, 'associations')).toEqual([]);
    expect(await at(admin, application, 'POST dissociate', { keyUUID: key.id })).toFailWith(ApiKeyNotAssociated());
  });

  it('are of the type in the path and of an API that is subscribed to', async () => {
    const [application, without] = [await subscribed(), await given.application(admin)];
    const key = await keyOf(admin, api);
    const body = { keyUUID: key.id, apiUUID: api.id };

    expect(await at(admin, application, 'POST associate', body, 'SANDBOX')).toFailWith(ApiKeyNotFound(key.id));
    expect(await at(admin, without, 'POST associate', body)).toFailWith(NotSubscribed(without.name, api.name));
  });
});

describe('with the settings of a server of its own', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = (claims: object) => {
    const text = `${encoded({ typ: 'JWT', alg: 'RS256', kid: 'older_release' })}.${encoded(claims)}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
  };

  let cli: Cli;
  beforeAll(async () => {
    const certificate = publicKey.export({ format: 'pem', type: 'spki' }).toString().trim();
    cli = await Cli.start({ APIM_GATEWAY__API_KEY_CERTIFICATE: `[{ alias = "older_release", certificate = """${certificate}""" }]` });
  });
  afterAll(() => cli.stop());

  const as = { basic: { username: 'admin', password: 'admin' } };
  const devportal = <T = Body>(operation: string, options: object) =>
    new Client('/api/am/devportal/v3', () => as, cli.management).request<T>(operation, options);
  const publisher = <T = Body>(operation: string, options: object) =>
    new Client('/api/am/publisher/v4', () => as, cli.management).request<T>(operation, options);
  const application = async () =>
    expected(
      await devportal<GivenApplication>('POST /applications', { body: { name: `App ${Date.now()}`, throttlingPolicy: 'Unlimited' } }),
      201,
    );

  it('keys of applications are not made where nothing says so', async () => {
    const { applicationId } = await application();
    const path = { applicationId, keyType: 'PRODUCTION' };

    const answer = await devportal('POST /applications/{applicationId}/api-keys/{keyType}/generate', { path, body: { keyName: 'x' } });

    expect(answer).toFailWith(LegacyKeysDisabled());
    expect((await devportal('GET /settings', {})).body).toMatchObject({ IsLegacyApiKeysEnabled: false });
  });

  it('a key that an older release signed opens what its application is subscribed to, until it is revoked', async () => {
    const properties = given.apiProperties({ backend: await given.backend(), with: TOKENS_AND_KEYS });
    const made = expected(await publisher<{ id: string; context: string }>('POST /apis', { body: properties }), 201);
    const path = { apiId: made.id };
    expected(await publisher('POST /apis/change-lifecycle', { query: { apiId: made.id, action: 'Publish' } }), 200);
    const revision = expected(await publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const environments = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
    expected(await publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId: revision.id }, body: environments }), 201);
    const { applicationId } = await application();
    expected(await devportal('POST /subscriptions', { body: { apiId: made.id, applicationId, throttlingPolicy: 'Unlimited' } }), 201);
    const claims = { sub: 'admin@carbon.super', iss: 'https://older:9443/oauth2/token', jti: 'jti-of-old', iat: 1_600_000_000 };
    const apikey = signed({ ...claims, token_type: 'apiKey', keytype: 'PRODUCTION', application: { uuid: applicationId } });
    const atGateway = new Client('', () => NOBODY, cli.gateway);
    const answers = (status: number) =>
      eventually(
        () => atGateway.request(`GET ${made.context}/1.0.0/`, { headers: { apikey } }),
        (answer) => answer.status === status,
      );
    await answers(200);
    const revoke = 'POST /applications/{applicationId}/api-keys/{keyType}/revoke';

    const other = await devportal(revoke, {
      path: { applicationId: (await application()).applicationId, keyType: 'PRODUCTION' },
      body: { apikey },
    });
    const own = await devportal(revoke, { path: { applicationId, keyType: 'PRODUCTION' }, body: { apikey } });

    expect(other).toFailWith(ApiKeyNotFound(''));
    expect(own.status).toBe(200);
    await answers(401);
  });
});
