import { generateKeyPairSync } from 'node:crypto';
import type { KeyManagerUrls } from '../key-manager-urls.js';
import type { Revocations } from '../revocations/revocations.service.js';
import { signJwt } from '../signing/jwt.js';
import type { SigningKeys } from '../signing/signing-keys.js';
import { epochSeconds } from './lifetimes.js';
import { LiveTokens } from './live-tokens.js';
import type { StoredTokens } from './stored-tokens.js';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = { byKid: async (kid: string) => (kid === 'k' ? { organization: 'a.com', publicKey } : undefined) } as unknown as SigningKeys;
const urls = { issuer: (organization: string) => `https://${organization}` } as KeyManagerUrls;
const revocations = { isRevoked: async () => false } as unknown as Revocations;
const live = new LiveTokens(keys, urls, revocations, {} as StoredTokens);

const read = (claims: object = {}, header: Readonly<Record<string, string>> = {}) => {
  const all = { iss: 'https://a.com', azp: 'app', sub: 'u', jti: 'j', iat: epochSeconds(), exp: epochSeconds() + 60, ...claims };
  return live.read(signJwt({ typ: 'at+jwt', kid: 'k', ...header }, all, privateKey));
};

it.each([
  ['a token as we make them', {}],
  ['one of a server whose clock is a little ahead', { nbf: epochSeconds() + 5 }],
])('reads %s', async (_, claims) => expect(await read(claims)).toMatchObject({ clientId: 'app', kind: 'access' }));

it.each([
  ['has ended', { exp: epochSeconds() - 1 }, {}],
  ['has not begun', { nbf: epochSeconds() + 3_600 }, {}],
  ['is of another issuer', { iss: 'https://b.com' }, {}],
  ['is of another key', {}, { kid: 'other' }],
  ['is an ID token', {}, { typ: 'JWT' }],
  ['is a refresh token that calls itself an access token', { token_type: 'refresh_token' }, {}],
  ['says another algorithm', {}, { alg: 'none' }],
])('refuses a token that %s, though the signature is right', async (_, claims, header) =>
  expect(await read(claims, header)).toBeUndefined());
