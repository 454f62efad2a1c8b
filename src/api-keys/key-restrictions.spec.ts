import { IpInvalid, RefererInvalid, RestrictionsTooLong } from './api-keys.problems.js';
import { restrictionsOf } from './key-restrictions.js';

it.each([
  [undefined, { ips: [], referers: [] }],
  [null, { ips: [], referers: [] }],
  [
    { permittedIP: '', permittedReferer: null },
    { ips: [], referers: [] },
  ],
  [{ permittedIP: ' 10.0.0.1, 10.0.0.0/8,,10.0.0.1' }, { ips: ['10.0.0.1', '10.0.0.0/8'], referers: [] }],
  [{ permittedIP: '::1,2001:db8::/32,0.0.0.0/0,::/0' }, { ips: ['::1', '2001:db8::/32', '0.0.0.0/0', '::/0'], referers: [] }],
  [{ permittedReferer: 'www.a.com/path, *.a.com/*' }, { ips: [], referers: ['www.a.com/path', '*.a.com/*'] }],
  [{ colour: 'red' }, { ips: [], referers: [] }],
])('reads %j', (properties, restrictions) => expect(restrictionsOf(properties)).toEqual(restrictions));

it.each([
  '10.0.0',
  '10.0.0.256',
  '10.0.0.0/33',
  '::/129',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  '10.0.0.0/',
  'a.com',
  'fe80::1%eth0',
  '10.0.0.0/1e1',
])('refuses the address %s', (entry) => expect(() => restrictionsOf({ permittedIP: `::1,${entry}` })).toThrow(IpInvalid(entry)));

it('refuses what is no text, and lists nobody could mean', () => {
  expect(() => restrictionsOf({ permittedIP: 7 })).toThrow(IpInvalid('7'));
  expect(() => restrictionsOf({ permittedReferer: ['a'] })).toThrow(RefererInvalid('["a"]'));
  expect(() => restrictionsOf({ permittedReferer: 'a'.repeat(5_000) })).toThrow(RestrictionsTooLong('permittedReferer', 4_096));
});
