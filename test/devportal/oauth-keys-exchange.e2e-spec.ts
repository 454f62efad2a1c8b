import { partsOf } from '../keys/oauth.js';
import { OutsideIdp } from '../keys/outside-idp.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const GENERATE_TOKEN = 'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-token';

interface Token {
  readonly accessToken: string;
  readonly tokenScopes: readonly string[];
  readonly validityTime: number;
}

let idp: OutsideIdp;
let admin: Actor;
beforeAll(async () => {
  idp = await OutsideIdp.start();
  ({ admin } = await given.organization());
  const body = {
    ...{ name: unique('Idp'), type: 'CustomKeyManager', tokenType: 'EXCHANGED', alias: idp.alias, issuer: idp.issuer },
    certificates: { type: 'JWKS', value: idp.jwksAddress },
  };
  expected(await admin.admin('POST /key-managers', { body }), 201);
});

const asking = async (grantTypesToBeSupported: readonly string[] = [EXCHANGE]) => {
  const application = await given.application(admin);
  const keys = await given.keys(application, { by: admin, with: { grantTypesToBeSupported } });
  const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };
  const ask = (body: Body) =>
    admin.devportal<Token>(GENERATE_TOKEN, { path, body: { grantType: 'TOKEN_EXCHANGE', consumerSecret: keys.consumerSecret, ...body } });
  return { keys, ask };
};

it('a token of an outside issuer is exchanged for one of the application', async () => {
  const { keys, ask } = await asking();
  const additionalProperties = { subjectToken: await idp.jwt({ sub: 'maria' }) };

  // The keys of the issuer are fetched a moment after it was added.
  const answer = await eventually(
    () => ask({ scopes: ['orders:read'], additionalProperties }),
    ({ status }) => status === 200,
  );

  expect(answer.body).toMatchObject({ tokenScopes: ['orders:read'], validityTime: 3600 });
  expect(partsOf(answer.body.accessToken).claims).toMatchObject({ sub: 'maria', azp: keys.consumerKey, aut: 'APPLICATION_USER' });
});

it.each([
  ['no token to exchange', async () => ({})],
  ['one that is none', async () => ({ subjectToken: 'no-token' })],
  ['one that is no text', async () => ({ subjectToken: 5 })],
  ['one that has ended', async () => ({ subjectToken: await idp.jwt({ exp: 1 }) })],
  ['one of an issuer nobody trusts', async () => ({ subjectToken: await idp.jwt({ iss: 'https://nobody.example' }) })],
  ['one for somebody else', async () => ({ subjectToken: await idp.jwt({ aud: 'somebody-else' }) })],
])('%s is refused', async (_, properties: () => Promise<Body>) => {
  const { ask } = await asking();

  expect(await ask({ additionalProperties: await properties() })).toMatchObject({ status: 400, body: { message: 'Bad Request' } });
});

it('keys without the grant exchange nothing', async () => {
  const { ask } = await asking(['client_credentials']);

  const answer = await ask({ additionalProperties: { subjectToken: await idp.jwt() } });

  expect(answer).toMatchObject({ status: 400, body: { code: 900967, message: 'Bad Request' } });
});

it('keys without client credentials get no token of their own', async () => {
  const { ask } = await asking();

  expect((await ask({ grantType: 'CLIENT_CREDENTIALS' })).status).toBe(400);
});
