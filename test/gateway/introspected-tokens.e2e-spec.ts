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
  type: 'oidc',
  issuer: idp.issuer,
  introspectionEndpoint: idp.introspectionEndpoint,
  tokenEndpoint: idp.tokenEndpoint,
  clientRegistrationEndpoint: idp.registrationEndpoint,
  certificates: { type: 'JWKS', value: idp.jwksUri },
  enableMapOAuthConsumerApps: true,
  enableSelfValidationJWT: false,
  consumerKeyClaim: 'client_id',
  additionalProperties: {
    registration_authentication: 'None',
    client_id: idp.introspector.clientId,
    client_secret: idp.introspector.clientSecret,
  },
  ...changes,
});

const published = async (by: Actor): Promise<GivenApi> => given.publishedApi({ by, backend: await given.backend() });

/** The gateway knows who calls: a client to which no application is subscribed. A token that nobody vouches for gets 401. */
const KNOWN = 403;
const NO_SUBSCRIPTION = { status: KNOWN, body: { code: '900908' } };

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
    await added(admin, asked());
    const api = await published(admin);
    await becomes(api, await idp.token(client), KNOWN);
    const token = await idp.token(client);
    const before = questions();

    const answers = [await call(api, token), await call(api, token), await call(api, token)];

    for (const answer of answers) expect(answer).toMatchObject(NO_SUBSCRIPTION);
    // One for each worker at most.
    expect(questions() - before).toBeLessThanOrEqual(3);
    expect(questions() - before).toBeGreaterThan(0);
  });

  it('is refused when the key manager does not know it, and when the API is another tenant’s', async () => {
    const [{ admin }, stranger] = await Promise.all([given.organization(), given.organization()]);
    const client = await idp.client();
    await added(admin, asked());
    const api = await published(admin);
    const token = await idp.token(client);
    await becomes(api, token, KNOWN);
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
    await added(admin, asked({ tokenValidation: tokenValidation('[A-Za-z0-9_-]{20,60}') }));
    const api = await published(admin);
    await becomes(api, await idp.token(client), KNOWN);
    const before = questions();

    expect((await call(api, 'too.short')).status).toBe(401);
    expect(questions()).toBe(before);
  });

  it('is 900900 when the key manager does not take our credential', async () => {
    const { admin } = await given.organization();
    const client = await idp.client();
    const wrong = asked({
      additionalProperties: { registration_authentication: 'None', client_id: idp.introspector.clientId, client_secret: 'wrong' },
    });
    await added(admin, wrong);
    const api = await published(admin);

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
    await added(admin, asked({ issuer, introspectionEndpoint }));
    const api = await published(admin);

    const answer = await becomes(api, live ?? '', KNOWN);

    expect(answer).toMatchObject(NO_SUBSCRIPTION);
    expect(await call(api, dead ?? '')).toMatchObject({ status: 401, body: { code: '900901' } });
    oracle.close();
    oracle.closeAllConnections();
  });
});
