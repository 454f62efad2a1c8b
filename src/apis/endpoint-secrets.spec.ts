import { hideSecrets, openSecrets, parametersOf, sealSecrets, showPasswords, withoutKnownPasswords } from './endpoint-secrets.js';

const secured = (security: object) => ({ endpoint_security: { production: security } });
const encrypt = (plain: string) => `sealed(${plain})`;
const decrypt = (sealed: string) => sealed.slice('sealed('.length, -1);

const CONFIG = {
  ...secured({
    type: 'OAUTH',
    clientId: 'a',
    clientSecret: 'b',
    username: 'ann',
    password: 'c',
    proxyConfigs: { proxyHost: 'h', proxyPassword: 'p' },
    customParameters: { plain: 'x', other: { value: 'y', secured: false }, hidden: { value: 'z', secured: true } },
  }),
  amznSecretKey: 'k',
};
/** The same with other texts in the places of the secrets. */
const configWith = (secret: (plain: string) => string) => ({
  ...secured({
    type: 'OAUTH',
    clientId: 'a',
    clientSecret: secret('b'),
    username: 'ann',
    password: secret('c'),
    proxyConfigs: { proxyHost: 'h', proxyPassword: secret('p') },
    customParameters: { plain: 'x', other: { value: 'y', secured: false }, hidden: { value: secret('z'), secured: true } },
  }),
  amznSecretKey: secret('k'),
});

it('seals every secret and touches nothing else', () => {
  expect(sealSecrets(CONFIG, null, encrypt)).toEqual(configWith(encrypt));
});

it('hides every secret, that of lambda behind its word', () => {
  expect(hideSecrets(configWith(encrypt))).toEqual({ ...configWith(() => ''), amznSecretKey: 'AWS_SECRET_KEY' });
});

it('opens what it sealed', () => {
  expect(openSecrets(configWith(encrypt), decrypt)).toEqual(CONFIG);
});

it('keeps what is stored when secrets come back as they were shown', () => {
  const stored = configWith(encrypt);

  expect(sealSecrets(hideSecrets(stored), stored, encrypt)).toEqual(stored);
});

it('shows passwords, and passwords alone', () => {
  const stored = secured({ type: 'BASIC', username: 'ann', password: encrypt('x'), clientSecret: encrypt('y') });

  expect(showPasswords(stored, decrypt)).toEqual(secured({ type: 'BASIC', username: 'ann', password: 'x', clientSecret: '' }));
});

it('takes a password that comes back in clear for the stored one', () => {
  const stored = secured({ type: 'BASIC', username: 'ann', password: encrypt('x') });

  expect(withoutKnownPasswords(showPasswords(stored, decrypt), stored, decrypt)).toEqual(hideSecrets(stored));
  const other = secured({ type: 'BASIC', username: 'ann', password: 'y' });
  expect(withoutKnownPasswords(other, stored, decrypt)).toEqual(other);
});

it.each([
  ['object', (parameters: object) => parameters],
  ['text', (parameters: object) => JSON.stringify(parameters)],
])('seals custom parameters that came as %s', (_, written) => {
  const sealed = sealSecrets(secured({ customParameters: written({ a: { value: 's', secured: true } }) }), null, encrypt);

  expect(sealed).toEqual(secured({ customParameters: written({ a: { value: 'sealed(s)', secured: true } }) }));
  const empty = secured({ customParameters: { a: { value: '', secured: true } } });
  expect(sealSecrets(empty, sealed, encrypt)).toEqual(secured({ customParameters: { a: { value: 'sealed(s)', secured: true } } }));
});

it('replaces a password that was sealed with a lost key', () => {
  const lost = (): string => {
    throw new Error('another key');
  };
  const sent = secured({ type: 'BASIC', password: 'new' });

  expect(withoutKnownPasswords(sent, secured({ type: 'BASIC', password: 'sealed(x)' }), lost)).toEqual(sent);
});

it.each([['{'], ['[]'], [JSON.stringify({ a: { value: { deep: {} }, secured: true } })]])('takes %s for no parameters', (parameters) => {
  expect(parametersOf(parameters)).toBeUndefined();
});

it('does not show a secret parameter that turned into a plain one', () => {
  const stored = sealSecrets(secured({ customParameters: { a: { value: 's', secured: true } } }), null, encrypt);
  const plain = secured({ customParameters: { a: { value: '', secured: false } } });

  expect(sealSecrets(plain, stored, encrypt)).toEqual(plain);
});

it('of a new key type are empty until they are given', () => {
  const stored = sealSecrets(secured({ type: 'BASIC', username: 'ann', password: 'x' }), null, encrypt);
  const other = { endpoint_security: { sandbox: { type: 'BASIC', username: 'ann', password: '' } } };

  expect(sealSecrets(other, stored, encrypt)).toEqual(other);
});
