import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FixedKeys, KeyFile } from './key-ring.js';
import { Secrets } from './secrets.js';

const [OLD, NEW, OTHER] = ['ab'.repeat(32), 'cd'.repeat(32), 'ef'.repeat(32)];
const secretsOf = (...hex: readonly string[]) => new Secrets({ keys: new FixedKeys(hex) });
/** Made by a release that knew one key only. */
const V1 = 'v1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

it('reads what older keys encrypted, and encrypts with the newest', () => {
  const text = secretsOf(OLD).encrypt('secret');
  const both = secretsOf(NEW, OLD);

  expect(both.decrypt(text)).toBe('secret');
  expect(secretsOf(NEW).decrypt(both.encrypt('secret'))).toBe('secret');
  expect(() => secretsOf(NEW).decrypt(text)).toThrow(/encrypted with the key [0-9a-f]{8}, which this server does not have/);
});

it('reads texts of the first format with whichever key fits', () => {
  const [, , body = ''] = secretsOf(OLD).encrypt('secret').split(':');

  expect(secretsOf(NEW, OTHER, OLD).decrypt(`v1:${body}`)).toBe('secret');
  expect(() => secretsOf(NEW, OTHER).decrypt(`v1:${body}`)).toThrow();
  expect(() => secretsOf(NEW).decrypt(V1)).toThrow();
});

it.each([
  '',
  'plain',
  'v1:',
  'v2:',
  'v2:abc:xyz',
  'v3:abc',
  `v2:${'0'.repeat(8)}:${'A'.repeat(38)}`,
])('does not take %p for a secret', (text) => {
  expect(() => secretsOf(NEW).decrypt(text)).toThrow();
  expect(secretsOf(NEW).resealed(text)).toBeUndefined();
});

it('sees at once what another process writes to the key file', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-keys-')), 'encryption.key');
  writeFileSync(file, `${OLD}\n`);
  const ring = new KeyFile(file);
  const secrets = new Secrets({ keys: ring });
  const before = secrets.encrypt('secret');

  new KeyFile(file).write([NEW, OLD]);

  expect(secrets.decrypt(before)).toBe('secret');
  expect(secretsOf(NEW).decrypt(secrets.encrypt('secret'))).toBe('secret');
  expect(secrets.decrypt(secretsOf(NEW).encrypt('another'))).toBe('another');
  expect(readFileSync(file, 'utf8')).toBe(`${NEW}\n${OLD}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('does not start with a key file that holds no keys', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-keys-')), 'encryption.key');
  writeFileSync(file, 'not a key\n');

  expect(() => new KeyFile(file)).toThrow('restore it from a backup');
});
