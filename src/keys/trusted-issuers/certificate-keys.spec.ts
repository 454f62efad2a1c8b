import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { certificateKeys } from './certificate-keys.js';

const pemOf = async () => (await generate([{ name: 'commonName', value: 'idp' }], { algorithm: 'sha256' })).cert;

it('reads certificates in every form in which administrators paste them', async () => {
  const pem = await pemOf();
  const key = new X509Certificate(pem).publicKey;
  const plain = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
  const forms = [pem, Buffer.from(pem).toString('base64'), new X509Certificate(pem).raw.toString('base64')];

  for (const form of forms) expect(certificateKeys(form).map((one) => one.equals(key))).toEqual([true]);
  expect(certificateKeys(`${pem}\n${pem}`)).toHaveLength(2);
  expect(certificateKeys(plain.export({ type: 'spki', format: 'pem' })).map((one) => one.equals(plain))).toEqual([true]);
});

it.each(['', 'hello', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'AAAA'])('finds no key in %j', (text) => {
  expect(certificateKeys(text)).toEqual([]);
});
