import { newUserCode, shownUserCode, typedUserCode } from './user-code.js';

it('makes codes that can be typed back', () => {
  const codes = Array.from({ length: 200 }, newUserCode);

  expect(new Set(codes).size).toBe(200);
  for (const code of codes) expect(typedUserCode(shownUserCode(code))).toBe(code);
  expect(shownUserCode('BCDFGHJK')).toBe('BCDF-GHJK');
});

it.each([
  ['BCDF-GHJK', 'BCDFGHJK'],
  [' bcdf ghjk ', 'BCDFGHJK'],
  ['b.c.d.f.g.h.j.k', 'BCDFGHJK'],
  ['BCDFGHJ', undefined],
  ['BCDFGHJKL', undefined],
  ['ABCDFGHJ', undefined],
  ['BCDF1GHJK', undefined],
  ['', undefined],
  [`BCDFGHJK${' '.repeat(40)}`, undefined],
])('reads %p as %p', (text, code) => expect(typedUserCode(text)).toBe(code));
