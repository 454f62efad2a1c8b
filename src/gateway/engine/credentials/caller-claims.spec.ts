import { flatClaims } from './caller-claims.js';

it('lays claims flat', () => {
  const claims = { sub: 'ann', level: 7, on: false, none: null, groups: ['a', 1, { b: 2 }], address: { country: 'LK', geo: { lat: 6 } } };
  expect(Object.fromEntries(flatClaims(claims))).toEqual({
    sub: 'ann',
    level: '7',
    on: 'false',
    groups: 'a|1|{"b":2}',
    'address.country': 'LK',
    'address.geo.lat': '6',
  });
});
