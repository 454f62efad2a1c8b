import { storeWithoutPassword, withoutPasswords, withSealedPasswords } from './store-passwords.js';
import type { TenantConfig } from './tenant-config.js';

const STORE = { id: 'uk', displayName: 'UK', type: 'wso2', endpoint: 'https://uk.example.com', username: 'ann', password: '' } as const;
const config = (
  change: Partial<typeof STORE | { password: string; endpoint: string; username: string; id: string }> = {},
): TenantConfig => ({
  ExternalStores: [{ ...STORE, ...change }],
});
const before = config({ password: 'sealed(old)' });
const seal = (password: string) => `sealed(${password})`;

it.each([
  ['a new password', { password: 'new' }, 'sealed(new)', undefined],
  ['an empty one of a known account', {}, 'sealed(old)', undefined],
  ['an empty one with another address', { endpoint: 'https://elsewhere.example.com' }, '', 'uk'],
  ['an empty one of another account', { username: 'bob' }, '', 'uk'],
  ['an empty one of a new store', { id: 'us' }, '', 'us'],
])('%s', (_, change, stored, missing) => {
  expect(withSealedPasswords(config(change), before, seal)).toEqual(config({ ...change, password: stored }));
  expect(storeWithoutPassword(config(change), before)).toBe(missing);
});

it('shows no password', () => expect(withoutPasswords(before)).toEqual(config()));

it('leaves a document without stores as it is', () => {
  expect(withoutPasswords({ ApiMaxRevisionCount: 1 })).toEqual({ ApiMaxRevisionCount: 1 });
  expect(withSealedPasswords({ ApiMaxRevisionCount: 1 }, before, seal)).toEqual({ ApiMaxRevisionCount: 1 });
});
