import { mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Config } from '../config/config.js';
import { Installation } from '../config/installation.js';
import { CryptoConfig } from '../config/sections/crypto.config.js';
import { keyRing } from './encryption-key.js';
import { Passwords } from './passwords.js';
import { Secrets } from './secrets.js';

const secretsWith = (key: string) => new Secrets(new Installation(new Config(), { name: 'all-in-one', modules: new Set() }, key));

describe('secrets at rest', () => {
  const secrets = secretsWith('ab'.repeat(32));

  it.each(['', 'pass', 'ünïcode ✓', 'x'.repeat(10_000)])('come back', (plain) =>
    expect(secrets.decrypt(secrets.encrypt(plain))).toBe(plain));
  it('differ each time', () => expect(secrets.encrypt('a')).not.toBe(secrets.encrypt('a')));
  it('cannot be read with another key', () => expect(() => secretsWith('cd'.repeat(32)).decrypt(secrets.encrypt('a'))).toThrow());
  it('cannot be changed unnoticed', () => {
    const text = secrets.encrypt('abcdef');
    const changed = text.slice(0, -2) + (text.endsWith('AA') ? 'BB' : 'AA');

    expect(() => secrets.decrypt(changed)).toThrow();
  });
});

describe('passwords', () => {
  const passwords = new Passwords(new CryptoConfig());
  /** Of another process, which remembers nothing that this one hashed. */
  const others = new Passwords(new CryptoConfig());

  it.each([
    ['computed', others],
    ['remembered', passwords],
  ])('match their own hash alone, %s', async (_, checking) => {
    const [stored, ofAnother] = [await passwords.hash('right'), await passwords.hash('another')];

    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await checking.matches('right', stored)).toBe(true);
    expect(await checking.matches('wrong', stored)).toBe(false);
    expect(await checking.matches('right', ofAnother)).toBe(false);
    expect(await checking.matches('right', undefined)).toBe(false);
  });

  it('that were hashed here a moment ago are checked without computing', async () => {
    const stored = await passwords.hash('right');
    // Whoever had to compute would wait behind these.
    const wrong = Array.from({ length: 6 }, () => passwords.matches('wrong', stored));
    let waiting = wrong.length;
    for (const one of wrong) one.then(() => (waiting -= 1));

    expect(await passwords.matches('right', stored)).toBe(true);

    expect(waiting).toBe(6);
    await Promise.all(wrong);
  });

  it('are computed in turn when many ask at once', async () => {
    const stored = await passwords.hash('right');

    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => others.matches(index % 2 === 0 ? 'right' : 'wrong', stored)));

    expect(answers).toEqual([true, false, true, false, true, false, true, false]);
  });
});

const NONE = { key: '', previousKeys: [] };

describe('passwords under FIPS', () => {
  const passwordsWith = (change: Partial<CryptoConfig>) => new Passwords(Object.assign(new CryptoConfig(), change));

  it('are hashed with PBKDF2 and HMAC-SHA-512', async () => {
    const stored = await passwordsWith({ provider: 'FIPS' }).hash('right');

    expect(stored).toMatch(/^\$pbkdf2-sha512\$i=210000\$[\w-]{22}\$[\w-]{43}$/);
    for (const passwords of [passwordsWith({ provider: 'FIPS' }), passwordsWith({})]) {
      expect(await passwords.matches('right', stored)).toBe(true);
      expect(await passwords.matches('wrong', stored)).toBe(false);
    }
  });

  it('are never checked against argon2id', async () => {
    const stored = await passwordsWith({}).hash('right');
    const approved = passwordsWith({ provider: 'FIPS' });

    expect(await approved.matches('right', stored)).toBe(false);
    expect(approved.kinds).toEqual(['pbkdf2-sha512']);
    expect(passwordsWith({ passwordHash: 'pbkdf2' }).isOutdated(stored)).toBe(true);
    expect(await passwordsWith({ passwordHash: 'pbkdf2' }).matches('right', stored)).toBe(true);
  });
});

describe('the encryption key', () => {
  it('is made once, for its owner alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gatehouse-key-'));

    const key = keyRing(NONE, folder, true).current.hex;

    expect(keyRing(NONE, folder, true).current.hex).toBe(key);
    expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600);
  });

  it('must be given where none may be made', () => expect(() => keyRing(NONE, '/nowhere', false)).toThrow(/encryption\.key is not set/));
  it('must be a key', () => expect(() => keyRing({ key: 'abc', previousKeys: [] }, '/nowhere', true)).toThrow('64 hexadecimal digits'));
});
