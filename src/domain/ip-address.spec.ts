import { isIP } from 'node:net';
import fc from 'fast-check';
import { addressKey, isSameFamily } from './ip-address.js';

it.each([
  ['192.0.2.1', '4c0000201'],
  ['0.0.0.0', '400000000'],
  ['255.255.255.255', '4ffffffff'],
  ['::ffff:192.0.2.1', '4c0000201'],
  ['::FFFF:c000:201', '4c0000201'],
  ['0:0:0:0:0:ffff:192.0.2.1', '4c0000201'],
  ['::', `6${'0'.repeat(32)}`],
  ['::1', `6${'0'.repeat(31)}1`],
  ['1::', `60001${'0'.repeat(28)}`],
  ['2001:db8::1', '620010db8000000000000000000000001'],
  ['2001:DB8:0:0:0:0:0:1', '620010db8000000000000000000000001'],
  ['2001:db8:1:2:3:4:5:6', '620010db8000100020003000400050006'],
  ['64:ff9b::192.0.2.1', '60064ff9b0000000000000000c0000201'],
  ['::192.0.2.1', '6000000000000000000000000c0000201'],
  ['1:2:3:4:5:6:192.0.2.1', '6000100020003000400050006c0000201'],
  ['fe80::1%eth0', `6fe80${'0'.repeat(27)}1`],
])('%s is compared by %s', (address, key) => {
  expect(isIP(address)).not.toBe(0);
  expect(addressKey(address)).toBe(key);
});

it('compares texts as the numbers of their addresses', () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
      const number = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      expect(addressKey(one) < addressKey(other)).toBe(number(one) < number(other));
    }),
  );
});

it('has one length for every address of a family', () => {
  fc.assert(fc.property(fc.ipV6(), (address) => expect(addressKey(address)).toMatch(/^(?:6[0-9a-f]{32}|4[0-9a-f]{8})$/)));
});

it.each([
  ['10.0.0.1', '10.0.0.2', true],
  ['10.0.0.1', '::ffff:10.0.0.2', true],
  ['::1', '2001:db8::', true],
  ['10.0.0.1', '::1', false],
])('%s and %s are of one family: %s', (one, other, isSame) => {
  expect(isSameFamily(addressKey(one), addressKey(other))).toBe(isSame);
});
