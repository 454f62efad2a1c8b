import { createHmac, generateKeyPairSync } from 'node:crypto';
import { parseJwt, signJwt } from './jwt.js';

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const [ours, foreign] = [pair(), pair()];
const token = signJwt({ typ: 'at+jwt', kid: 'k' }, { sub: 'ann' }, ours.privateKey);
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

it('reads back what it signed', () => {
  const jwt = parseJwt(token);

  expect(jwt?.header).toEqual({ alg: 'RS256', typ: 'at+jwt', kid: 'k' });
  expect(jwt?.claims).toEqual({ sub: 'ann' });
  expect(jwt?.signedBy(ours.publicKey)).toBe(true);
});

it('does not take another key’s signature', () => expect(parseJwt(token)?.signedBy(foreign.publicKey)).toBe(false));

it('does not take changed claims', () => {
  const [header = '', , signature = ''] = token.split('.');

  expect(parseJwt(`${header}.${part({ sub: 'bob' })}.${signature}`)?.signedBy(ours.publicKey)).toBe(false);
});

it('does not take "alg": "none", nor the public key as a shared secret', () => {
  const claims = part({ sub: 'ann' });
  const hs = `${part({ alg: 'HS256' })}.${claims}`;
  const pem = ours.publicKey.export({ type: 'spki', format: 'pem' });
  const forged = `${hs}.${createHmac('sha256', pem).update(hs).digest('base64url')}`;

  expect(parseJwt(`${part({ alg: 'none' })}.${claims}.e30`)?.signedBy(ours.publicKey)).toBe(false);
  expect(parseJwt(forged)?.signedBy(ours.publicKey)).toBe(false);
});

it.each(['', 'a', 'a.b', 'a.b.c', 'a.b.c.d', `${part({})}.${part([])}.x`, `${part({})}.${part({})}.`])('%p is no JWT', (text) =>
  expect(parseJwt(text)).toBeUndefined());
