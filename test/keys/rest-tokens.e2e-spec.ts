import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { isSignedByJwks, partsOf, passwordTokens, register, useAtRestApi } from './oauth.js';

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The token with other claims or another header, and the signature it had. */
const altered = (token: string, header: object, claims: object): string => {
  const parts = partsOf(token);
  return `${part({ ...parts.header, ...header })}.${part({ ...parts.claims, ...claims })}.${token.split('.')[2]}`;
};

describe('a REST API', () => {
  it.each([
    ['changed claims', (token: string) => altered(token, {}, { scope: 'apim:admin' })],
    ['a later end', (token: string) => altered(token, {}, { exp: 4_000_000_000 })],
    ['a changed signature', (token: string) => `${token.slice(0, -6)}AAAAAA`],
    ['"alg": "none"', (token: string) => `${altered(token, { alg: 'none' }, {}).split('.').slice(0, 2).join('.')}.`],
    ['an unknown key', (token: string) => altered(token, { kid: 'x'.repeat(43) }, {})],
    ['a key id that holds a NUL', (token: string) => altered(token, { kid: 'a\0b' }, {})],
    [
      'a header that is no object',
      (token: string) => `${Buffer.from('null').toString('base64url')}.${token.split('.').slice(1).join('.')}`,
    ],
    ['a header that is no JSON', (token: string) => `x${token}`],
    ['no key id', (token: string) => altered(token, { kid: undefined }, {})],
    [
      'another key’s signature',
      (token: string) => {
        const [header, claims] = token.split('.');
        const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
        return `${header}.${claims}.${sign('sha256', Buffer.from(`${header}.${claims}`), privateKey).toString('base64url')}`;
      },
    ],
    [
      'a shared-secret signature',
      (token: string) => {
        const text = altered(token, { alg: 'HS256' }, {}).split('.').slice(0, 2).join('.');
        return `${text}.${createHmac('sha256', 'secret').update(text).digest('base64url')}`;
      },
    ],
  ])('refuses a token with %s', async (_, forge) => {
    const { access_token } = await passwordTokens(await register());
    expect((await useAtRestApi(access_token)).status).toBe(200);

    expect(await useAtRestApi(forge(access_token))).toFailWith(Unauthenticated());
  });

  it('refuses refresh and ID tokens, though their signatures are right', async () => {
    const tokens = await passwordTokens(await register(), server.admin, 'openid apim:api_view');

    expect(await isSignedByJwks(tokens.refresh_token)).toBe(true);
    expect(await useAtRestApi(tokens.refresh_token)).toFailWith(Unauthenticated());
    expect(await useAtRestApi(tokens.id_token)).toFailWith(Unauthenticated());
  });

  it('refuses a token of one tenant with the issuer of another', async () => {
    const tenant = await given.organization();
    const { access_token } = await passwordTokens(await register({ as: tenant.admin }), tenant.admin);

    expect(await useAtRestApi(altered(access_token, {}, { iss: `${server.management}/oauth2/token` }))).toFailWith(Unauthenticated());
  });

  it('serves an application’s own token as its owner', async () => {
    const creator = await given.user({ roles: ['Internal/creator'] });
    const application = await register({ as: creator });
    const { access_token } = await passwordTokens(application, creator, 'apim:api_create');

    expect((await useAtRestApi(access_token)).status).toBe(200);
  });
});
