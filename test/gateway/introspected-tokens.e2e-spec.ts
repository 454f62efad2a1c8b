import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { unique } from '../support/unique.js';

let idp: IdentityProvider;
beforeAll(async () => {
  idp = await startIdentityProvider('opaque');
});
afterAll(() => idp.close());

interface KeyManager extends Body {
  readonly id: string;
  readonly name: string;
}

/** A key manager that is asked about tokens, with the credential it wants for that. */
const asked = (changes: Body = {}): Body => ({
  name: unique('Asked'),
  type: 'OIDC',
  issuer: idp.issuer,
  introspectionEndpoint: idp.introspectionEndpoint,
  tokenEndpoint: idp.tokenEndpoint,
  clientRegistrationEndpoint: idp.registrationEndpoint,
  certificates: { type: 'JWKS', value: idp.jwksUri },
  enableMapOAuthConsumerApps: true,
  enableSelfValidationJWT: false,
  consumerKeyClaim: 'client_id',
  additionalProperties: { client_id: idp.introspector.clientId, client_secret: idp.introspector.clientSecret },
  ...changes,
});

/** An API and an application subscribed to it, for which a client of the provider acts. */
const caller = async (by: Actor, keyManager: KeyManager, client: { clientId: string; clientSecret: string }): Promise<GivenApi> => {
  const api = await given.publishedApi({ by, backend: await given.backend() });
  const application = await given.application(by);
  await given.subscription(api, application, { by });
  const body = { consumerKey: client.clientId, consumerSecret: client.clientSecret, keyManager: keyManager.name, keyType: 'PRODUCTION' };
  expected(
    await by.devportal('POST /applications/{applicationId}/map-keys', { path: { applicationId: application.applicationId }, body }),
    200,
  );
  return api;
};

const added = async (by: Actor, body: Body): Promise<KeyManager> =>
  expected(await by.admin<KeyManager>('POST /key-managers', { body }), 201);
const call = (api: GivenApi, token: string) => gateway(`${api.url}/x`, { token });
const becomes = (api: GivenApi, token: string, wanted: number) =>
  eventually(
    () => call(api, token),
    ({ status }) => status === wanted,
    15_000,
  );
const questions = () => idp.seen.filter((request) => request === 'POST /introspect').length;

describe('an opaque token of an outside key manager', () => {
  it('is asked about there, once', async () => {
    const { admin } = await given.organization();
    const client = await idp.client();
    const api = await caller(admin, await added(admin, asked()), client);
    await becomes(api, await idp.token(client), 200);
    const token = await idp.token(client);
    const before = questions();

    const answers = [await call(api, token), await call(api, token), await call(api, token)];

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    // One for each worker at most.
    expect(questions() - before).toBeLessThanOrEqual(3);
    expect(questions() - before).toBeGreaterThan(0);
  });

  it('is refused when the key manager does not know it, and when the API is another tenant’s', async () => {
    const [{ admin }, stranger] = await Promise.all([given.organization(), given.organization()]);
    const client = await idp.client();
    const api = await caller(admin, await added(admin, asked()), client);
    const token = await idp.token(client);
    await becomes(api, token, 200);
    const foreign = await given.publishedApi({ by: stranger.admin, backend: await given.backend() });
    await eventually(
      () => gateway(`${foreign.url}/x`),
      ({ status }) => status === 401,
    );

    expect(await call(api, 'made-up')).toMatchObject({ status: 401, body: { code: '900901' } });
    expect(await call(foreign, token)).toMatchObject({ status: 401, body: { code: '900901' } });
  });

  it('goes to the key manager whose pattern it fits, and to no other', async () => {
    const { admin } = await given.organization();
    const client = await idp.client();
    const tokenValidation = (value: string) => [{ enable: true, type: 'REFERENCE', value }];
    const api = await caller(admin, await added(admin, asked({ tokenValidation: tokenValidation('[A-Za-z0-9_-]{20,60}') })), client);
    await becomes(api, await idp.token(client), 200);
    const before = questions();

    expect((await call(api, 'too.short')).status).toBe(401);
    expect(questions()).toBe(before);
  });

  it('is 900900 when the key manager does not take our credential', async () => {
    const { admin } = await given.organization();
    const client = await idp.client();
    const wrong = asked({ additionalProperties: { client_id: idp.introspector.clientId, client_secret: 'wrong' } });
    const api = await caller(admin, await added(admin, wrong), client);

    const answer = await becomes(api, await idp.token(client), 500);

    expect(answer.body).toMatchObject({ code: '900900', message: 'Unclassified Authentication Failure' });
    expect(JSON.stringify(answer.body)).not.toContain('introspect');
  });
});

describe('a JWT of a key manager without self-validation', () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  it('is what its key manager says of it, whatever it says itself', async () => {
    const issuer = `https://${unique('issuer')}.example`;
    const [live, dead] = ['live', 'dead'].map((jti) => {
      const text = `${encoded({ alg: 'RS256', typ: 'at+jwt' })}.${encoded({ iss: issuer, jti, client_id: 'nobody' })}`;
      return `${text}.${sign('RSA-SHA256', Buffer.from(text), privateKey).toString('base64url')}`;
    });
    const oracle = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      request.on('end', () => {
        const isLive = new URLSearchParams(text).get('token') === live;
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(isLive ? { active: true, client_id: 'told', scope: 'a', sub: 'ann' } : { active: false }));
      });
    });
    await new Promise<void>((resolve) => oracle.listen(0, '127.0.0.1', resolve));
    const introspectionEndpoint = `http://127.0.0.1:${(oracle.address() as AddressInfo).port}/introspect`;
    const { admin } = await given.organization();
    const keyManager = await added(admin, asked({ issuer, introspectionEndpoint }));
    const api = await caller(admin, keyManager, { clientId: 'told', clientSecret: 'x' });

    const answer = await becomes(api, live ?? '', 200);

    expect(answer.status).toBe(200);
    expect(await call(api, dead ?? '')).toMatchObject({ status: 401, body: { code: '900901' } });
    oracle.close();
    oracle.closeAllConnections();
  });
});
