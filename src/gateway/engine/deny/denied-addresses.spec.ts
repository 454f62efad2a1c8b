import fc from 'fast-check';
import { addressKey } from '../../../domain/ip-address.js';
import { type AddressRule, DeniedAddresses } from './denied-addresses.js';

const only = (address: string): AddressRule => ({ first: address, last: address, isInverted: false });
const range = (first: string, last: string): AddressRule => ({ first, last, isInverted: false });
const allBut = (first: string, last = first): AddressRule => ({ first, last, isInverted: true });

const denied = (...rules: readonly AddressRule[]): DeniedAddresses => {
  const addresses = new DeniedAddresses();
  for (const [index, rule] of rules.entries()) addresses.add(String(index), rule);
  return addresses;
};

it.each([
  ['one address', [only('10.0.0.1')], ['10.0.0.1', '::ffff:10.0.0.1', '::ffff:a00:1'], ['10.0.0.2', '::a00:1', '::1']],
  ['one address of IPv6', [only('2001:db8::1')], ['2001:DB8:0::1'], ['2001:db8::2', '10.0.0.1']],
  ['an IPv4 address written as IPv6', [only('::ffff:10.0.0.1')], ['10.0.0.1'], ['10.0.0.2']],
  ['a range with its ends', [range('10.0.0.9', '10.0.1.2')], ['10.0.0.9', '10.0.0.10', '10.0.0.255', '10.0.1.2'], ['10.0.0.8', '10.0.1.3']],
  [
    'a range of IPv6',
    [range('2001:db8::9', '2001:db8::1:0')],
    ['2001:db8::9', '2001:db8::a', '2001:db8::1:0'],
    ['2001:db8::8', '10.0.0.1'],
  ],
  ['all of IPv6, and nothing of IPv4', [range('::', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')], ['::', '2001:db8::1'], ['10.0.0.1']],
  [
    'ranges within and over one another',
    [range('10.0.0.0', '10.0.0.255'), range('10.0.0.5', '10.0.0.6'), range('10.0.0.200', '10.0.1.9'), range('10.0.3.0', '10.0.3.1')],
    ['10.0.0.7', '10.0.0.199', '10.0.1.9', '10.0.3.1'],
    ['10.0.1.10', '10.0.2.255', '10.0.3.2', '9.255.255.255'],
  ],
  ['all but one', [allBut('10.0.0.1')], ['10.0.0.0', '10.0.0.2', '::1'], ['10.0.0.1', '::ffff:10.0.0.1']],
  ['all but a range', [allBut('10.0.0.1', '10.0.0.3')], ['10.0.0.0', '10.0.0.4'], ['10.0.0.1', '10.0.0.2', '10.0.0.3']],
  [
    'all but what two ranges share',
    [allBut('10.0.0.1', '10.0.0.5'), allBut('10.0.0.4', '10.0.0.9')],
    ['10.0.0.3', '10.0.0.6'],
    ['10.0.0.4'],
  ],
  ['everything, where two ranges share nothing', [allBut('10.0.0.1'), allBut('10.0.0.2')], ['10.0.0.1', '10.0.0.2', '::1'], []],
  [
    'all but a range, and one of it',
    [allBut('10.0.0.1', '10.0.0.3'), only('10.0.0.2')],
    ['10.0.0.2', '10.0.0.4'],
    ['10.0.0.1', '10.0.0.3'],
  ],
  ['nothing without a rule', [], [], ['10.0.0.1', '::1']],
] as const)('denies %s', (_, rules, inside, outside) => {
  const addresses = denied(...rules);

  expect(inside.filter((address) => !addresses.deny(address))).toEqual([]);
  expect(outside.filter((address) => addresses.deny(address))).toEqual([]);
});

it.each([
  ['an address', only('10.0.0.2')],
  ['a range', range('10.0.0.2', '10.0.0.4')],
  ['an inverted address', allBut('10.0.0.9')],
  ['an inverted range', allBut('10.0.0.8', '10.0.0.9')],
])('forgets %s that was denied, and nothing else', (_, rule) => {
  const addresses = denied(range('10.0.0.100', '10.0.0.200'));
  addresses.add('gone', rule);
  expect(addresses.deny('10.0.0.2')).toBe(true);

  addresses.delete('gone', rule);

  expect(addresses.deny('10.0.0.2')).toBe(false);
  expect(addresses.deny('10.0.0.150')).toBe(true);
});

it.each([
  ['IPv4 and as IPv4 within IPv6', only('10.0.0.2'), only('::ffff:10.0.0.2')],
  ['an address and as a range of one', only('10.0.0.2'), range('10.0.0.2', '::ffff:a00:2')],
  ['one and the same', only('2001:db8::1'), only('2001:DB8:0::1')],
])('an address that two rules name, as %s, is denied until both are gone', (_, one, other) => {
  const addresses = denied(one, other);

  addresses.delete('0', one);
  expect(addresses.deny(one.first)).toBe(true);
  addresses.delete('1', other);

  expect(addresses.deny(one.first)).toBe(false);
  expect(addresses.isEmpty).toBe(true);
});

it('is empty when its last rule is gone', () => {
  const addresses = denied(only('10.0.0.1'));
  expect(addresses.isEmpty).toBe(false);

  addresses.delete('0', only('10.0.0.1'));

  expect(addresses.isEmpty).toBe(true);
});

it('says the same as looking at every rule', () => {
  const address = fc.oneof(
    fc.integer({ min: 0, max: 40 }).map((last) => `10.0.0.${last}`),
    fc.integer({ min: 0, max: 40 }).map((last) => `2001:db8::${last}`),
  );
  const rule = fc.tuple(address, address, fc.integer({ min: 0, max: 9 })).map(([one, other, kind]) => {
    const [first, last] = kind < 3 || addressKey(one) > addressKey(other) ? [one, one] : [one, other];
    return { first, last, isInverted: kind === 9 };
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), fc.array(fc.nat(11)), address, (rules, gone, asked) => {
      const addresses = new DeniedAddresses();
      const subjects = new Map(rules.map((each, index) => [String(index), each]));
      for (const [id, each] of subjects) addresses.add(id, each);
      for (const index of gone) {
        const each = rules[index];
        if (each !== undefined && subjects.delete(String(index))) addresses.delete(String(index), each);
      }
      const key = addressKey(asked);
      const isDenied = [...subjects.values()].some(({ first, last, isInverted }) => {
        return (addressKey(first) <= key && key <= addressKey(last)) !== isInverted;
      });

      expect(addresses.deny(asked)).toBe(isDenied);
    }),
  );
});

it('takes no longer for twenty thousand rules than for a few', () => {
  const addressAt = (index: number): string => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
  const filled = (rules: number): DeniedAddresses => {
    const addresses = new DeniedAddresses();
    for (let index = 0; index < rules; index += 1) {
      addresses.add(`one ${index}`, only(addressAt(index * 8)));
      addresses.add(`range ${index}`, range(addressAt(index * 8 + 2), addressAt(index * 8 + 4)));
    }
    return addresses;
  };
  const msFor = (addresses: DeniedAddresses): number => {
    let hits = 0;
    const startedAt = performance.now();
    for (let index = 0; index < 50_000; index += 1) if (addresses.deny(addressAt((index * 8 + 6) % 80_000))) hits += 1;
    expect(hits).toBe(0);
    return performance.now() - startedAt;
  };
  const [few, many] = [filled(5), filled(10_000)];
  for (const each of [few, many]) msFor(each);

  // Looking at each of them would take a thousand times as long.
  expect(msFor(many)).toBeLessThan(20 * msFor(few));
});
