import { generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';
import { keyOfPem, keysOfJwks } from './outside-keys.js';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwk = rsa.publicKey.export({ format: 'jwk' });
const key = { kty: 'RSA', n: jwk.n, e: jwk.e };
const document = (...keys: readonly unknown[]) => JSON.stringify({ keys });

describe('a JWKS document', () => {
  it('gives its RSA signing keys, reduced to what a check needs', () => {
    const text = document(
      { ...jwk, kid: 'one', use: 'sig', alg: 'RS256', x5c: ['…'] },
      { ...jwk },
      { ...jwk, kid: 'two', use: 'enc' },
      { ...elliptic.publicKey.export({ format: 'jwk' }), kid: 'three' },
      { kty: 'RSA', n: '§', e: 'AQAB', kid: 'four' },
      { kty: 'RSA', kid: 'five' },
      null,
    );

    expect(keysOfJwks(text)).toEqual([{ ...key, kid: 'one' }, key]);
  });

  it.each([
    ['none at all', document()],
    ['elliptic keys alone', document(elliptic.publicKey.export({ format: 'jwk' }))],
    ['a name that cannot be kept', document({ ...jwk, kid: 'a\0' }, { ...jwk, kid: 'x'.repeat(1_025) })],
    ['a key too short to be safe', document(generateKeyPairSync('rsa', { modulusLength: 512 }).publicKey.export({ format: 'jwk' }))],
  ])('with %s gives none', (_, text) => expect(keysOfJwks(text)).toEqual([]));

  it('is cut at a hundred keys', () => expect(keysOfJwks(document(...Array(500).fill(jwk)))).toHaveLength(100));

  it.each([
    ['no JSON', '<html>'],
    ['no object', '3'],
    ['no list', '{"keys":{}}'],
  ])('is refused with %s', (_, text) => expect(() => keysOfJwks(text)).toThrow('JWKS document'));
});

describe('a certificate', () => {
  it('gives its key, also in base64, and so does a bare public key', async () => {
    const { cert, public: publicKey } = await generate([{ name: 'commonName', value: 'idp' }], { keySize: 2048 });
    const expected = expect.objectContaining({ kty: 'RSA', e: 'AQAB' });

    expect(keyOfPem(cert)).toEqual(expected);
    expect(keyOfPem(Buffer.from(cert).toString('base64'))).toEqual(keyOfPem(cert));
    expect(keyOfPem(publicKey)).toEqual(keyOfPem(cert));
  });

  it.each([
    ['nothing', ''],
    ['other text', 'certificate'],
    ['a broken one', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['a private key', rsa.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['an elliptic key', elliptic.publicKey.export({ format: 'pem', type: 'spki' }).toString()],
  ])('is refused: %s', (_, text) => expect(keyOfPem(text)).toBeUndefined());
});
