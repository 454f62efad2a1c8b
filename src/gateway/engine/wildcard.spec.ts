import { matchesPieces } from './wildcard.js';

it.each([
  ['www.a.com/path', 'www.a.com/path', true],
  ['www.a.com/path', 'www.a.com/path/more', false],
  ['www.a.com/path', 'http://www.a.com/path', false],
  ['sub.a.com/*', 'sub.a.com/', true],
  ['sub.a.com/*', 'sub.a.com/x/y', true],
  ['sub.a.com/*', 'sub.a.com.evil.org/', false],
  ['*.a.com/*', 'b.a.com/x', true],
  ['*.a.com/*', 'a.com/x', false],
  ['*.a.com/*', 'bXaXcom/x', false],
  ['*', '', true],
  ['a*a', 'a', false],
  ['a*b*a', 'abba', true],
  ['', 'x', false],
])('%s fits %s: %s', (pattern, text, fits) => expect(matchesPieces(pattern.split('*'), text)).toBe(fits));

it('takes no time worth mentioning for a pattern that fits almost', () => {
  const pieces = `${'a*'.repeat(1_000)}b`.split('*');
  const startedAt = performance.now();

  expect(matchesPieces(pieces, 'a'.repeat(100_000))).toBe(false);
  expect(performance.now() - startedAt).toBeLessThan(100);
});
