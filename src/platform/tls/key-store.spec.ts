import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import forge from 'node-forge';
import { generate } from 'selfsigned';
import { CryptoConfig } from '../config/sections/crypto.config.js';
import { KeyStoreConfig } from '../config/sections/keystore.config.js';
import { MADE_ELSEWHERE } from './key-store.fixture.js';
import { isConfigured, readKeyStore } from './key-store.js';

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-keystore-'));
const PASSWORD = 'store password';
const made = await generate([{ name: 'commonName', value: 'gw.example.com' }], { keySize: 2048, algorithm: 'sha256' });
const fingerprint = new X509Certificate(made.cert).fingerprint256;

const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const pkcs12 = (algorithm: 'aes256' | '3des', friendlyName: string): Buffer => {
  const [key, certificate] = [forge.pki.privateKeyFromPem(made.private), forge.pki.certificateFromPem(made.cert)];
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, [certificate], PASSWORD, { algorithm, friendlyName, generateLocalKeyId: true });
  return Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary');
};

const store = (values: Partial<KeyStoreConfig>): KeyStoreConfig => Object.assign(new KeyStoreConfig(), values);
const read = (values: Partial<KeyStoreConfig>, provider: CryptoConfig['provider'] = 'default') =>
  readKeyStore('keystore.tls', store(values), Object.assign(new CryptoConfig(), { provider }));
const fingerprintOf = async (values: Partial<KeyStoreConfig>) => new X509Certificate((await read(values)).certificate).fingerprint256;

it.each(['aes256', '3des'] as const)('reads PKCS#12 encrypted with %s', async (algorithm) => {
  const fileName = file(`${algorithm}.p12`, pkcs12(algorithm, 'gateway'));

  expect(await fingerprintOf({ fileName, password: PASSWORD, alias: 'Gateway' })).toBe(fingerprint);
  expect(await fingerprintOf({ fileName, password: PASSWORD })).toBe(fingerprint);
  await expect(read({ fileName, password: 'wrong' })).rejects.toThrow('cannot be opened as PKCS#12; is keystore.tls.password right?');
  await expect(read({ fileName, password: PASSWORD, alias: 'other' })).rejects.toThrow(
    'it holds no key other, but gateway (keystore.tls.alias)',
  );
  await expect(read({ fileName, password: PASSWORD }, 'FIPS')).rejects.toThrow('are read as PEM alone');
});

it('reads PEM, with a key that may be encrypted', async () => {
  const encrypted = forge.pki.encryptRsaPrivateKey(forge.pki.privateKeyFromPem(made.private), PASSWORD, { algorithm: 'aes256' });

  expect(await fingerprintOf({ fileName: file('plain.pem', `${made.cert}\n${made.private}`) })).toBe(fingerprint);
  const fileName = file('encrypted.pem', `${made.cert}\n${encrypted}`);
  expect(await fingerprintOf({ fileName, password: PASSWORD })).toBe(fingerprint);
  await expect(read({ fileName, password: 'wrong' })).rejects.toThrow('holds a private key that cannot be opened; is the password right?');
});

it('refuses a certificate without its key', async () => {
  const other = await generate([{ name: 'commonName', value: 'other' }], { keySize: 2048, algorithm: 'sha256' });

  await expect(read({ fileName: file('no-key.pem', made.cert) })).rejects.toThrow('must hold a certificate and its private key');
  await expect(read({ fileName: file('mixed.pem', made.cert + other.private) })).rejects.toThrow('do not belong together');
  await expect(read({ fileName: join(folder, 'absent.pem') })).rejects.toThrow('keystore.tls.file_name');
});

it('does not read Java key stores, and says how to convert them', async () => {
  const fileName = file('mine.jks', Buffer.from('feedfeed00000002', 'hex'));

  await expect(read({ fileName })).rejects.toThrow(
    /is a Java key store.*keytool -importkeystore -srckeystore \S+mine\.jks -destkeystore \S+mine\.p12 -deststoretype PKCS12/,
  );
});

it('passes over the key store that everybody has', () => {
  expect(isConfigured(store({}))).toBe(false);
  expect(isConfigured(store({ fileName: 'wso2carbon.jks' }))).toBe(false);
  expect(isConfigured(store({ fileName: file('wso2carbon.jks', Buffer.from('feedfeed', 'hex')) }))).toBe(false);
  expect(isConfigured(store({ fileName: file('wso2carbon.p12', pkcs12('aes256', 'wso2carbon')) }))).toBe(true);
  expect(isConfigured(store({ fileName: 'mine.jks' }))).toBe(true);
});

it.each(Object.entries(MADE_ELSEWHERE))('reads what %s makes', async (tool, base64) => {
  const fileName = file(`${tool}.p12`, Buffer.from(base64, 'base64'));

  const { certificate, key } = await read({ fileName, password: 'changeit', alias: 'gw' });

  const made = new X509Certificate(certificate);
  expect(made.subject).toBe('CN=gw');
  expect(made.checkPrivateKey(createPrivateKey(key))).toBe(true);
});
