import { generateKeyPairSync } from 'node:crypto';
import { keysOf } from './remote-key-sets.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

it('takes the asymmetric signing keys of a document and leaves the rest out', () => {
  const keys = keysOf({
    keys: [
      { ...rsa, kid: 'a', alg: 'RS256' },
      { ...ec, kid: 'b', use: 'sig' },
      { ...rsa, kid: 'for encryption', use: 'enc' },
      { kty: 'oct', k: 'c2VjcmV0', kid: 'symmetric' },
      { kty: 'RSA', n: 'broken' },
      null,
      'text',
    ],
  });

  expect(keys.map(({ kid, alg }) => [kid, alg])).toEqual([
    ['a', 'RS256'],
    ['b', undefined],
  ]);
});

it.each([null, 7, [], {}, { keys: {} }, { keys: 'x' }])('finds none in %j', (document) => {
  expect(keysOf(document)).toEqual([]);
});

it('bounds how many it takes', () => {
  expect(keysOf({ keys: Array.from({ length: 500 }, () => ec) })).toHaveLength(100);
});
