import { Config } from '../../platform/config/config.js';
import { Installation } from '../../platform/config/installation.js';
import { isOpaqueToken, OpaqueTokens, tokenHash } from './opaque-tokens.js';

const tokensOf = (key: string) => new OpaqueTokens(new Installation(new Config(), { name: 'all-in-one', modules: new Set() }, key));
const own = tokensOf('ab'.repeat(32));

it('every token is another, and has the form by which it is known', () => {
  const [one, other] = [own.create(), own.create()];

  expect(one.text).not.toBe(other.text);
  expect([one, other].map(({ text }) => isOpaqueToken(text))).toEqual([true, true]);
});

it('the seed makes the token again, for the holder of the installation’s key alone', () => {
  const { text, seed } = own.create();

  expect(own.again(seed)).toBe(text);
  expect(tokensOf('cd'.repeat(32)).again(seed)).not.toBe(text);
  expect(text).not.toContain(seed);
});

it.each(['', 'abc', 'a.b.c', 'x'.repeat(44), `${'x'.repeat(42)}=`])('%s is none', (text) => expect(isOpaqueToken(text)).toBe(false));

it('hashes are SHA-256', () => expect(tokenHash('a').toString('hex')).toMatch(/^ca978112ca1bbdcafac231b39a23dc4da786eff8/));
