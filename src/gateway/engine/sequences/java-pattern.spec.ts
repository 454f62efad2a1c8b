import { javaPattern } from './java-pattern.js';
import { DefinitionError } from './message.js';

describe('a Java regular expression', () => {
  it.each([
    ['a', 'a', true],
    ['a', '/a', false],
    ['.*a', '/a', true],
    ['(?i)abc', 'aBC', true],
    ['a(?i)b', 'aB', true],
    ['a(?i:b)c', 'aBC', false],
    ['.+', 'a\u2028b', false],
    ['(?s).+', 'a\nb', true],
    ['(?s:.)b.', 'ab\n', false],
    ['\\p{Alpha}+', 'abcDEF', true],
    ['\\p{Alpha}+', 'é', false],
    ['\\P{Digit}', 'x', true],
    ['[\\p{Upper}_]+', 'A_B', true],
    ['\\p{L}+', 'é', true],
    ['\\p{IsLatin}+', 'é', true],
    ['\\s', '\u000b', true],
    ['[\\S]', '\u000b', false],
    ['\\h', '\u00a0', true],
    ['\\H', 'a', true],
    ['a\\Rb', 'a\r\nb', true],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['\\Qa.b', 'axb', false],
    ['[a-c[x-z]]+', 'abxz', true],
    ['[]a]', ']', true],
    ['a]', 'a]', true],
    ['\\u0041\\x42\\x{43}\\0104\\cI', 'ABCD\t', true],
    ['(?<year>\\d{4})-\\d\\d', '2020-11', true],
    ['\\d++', '123', true],
    ['\\d++-x', '12-x', true],
    ['\\d*+\\.5', '12.5', true],
    ['a{2,3}?', 'aaa', true],
    ['^abc$', 'abc', true],
    ['abc\\Z', 'abc', true],
    ['[\\w.%+-]+@[\\w.-]+\\.[A-Za-z]{2,6}', 'a.b@example.com', true],
    ['/orders/\\d+', '/orders/12', true],
    ['', '', true],
  ])('%s on %j: %s', (source, text, expected) => {
    expect(javaPattern(source).matches(text)).toBe(expected);
  });

  it.each([
    ['(?=a)a', 'look-ahead'],
    ['(?<!a)b', 'look-ahead and look-behind'],
    ['(?>a+)b', 'atomic'],
    ['(a)\\1', 'linear time'],
    ['\\k<a>', 'linear time'],
    ['[a-z&&[^b]]', 'intersections'],
    ['[^a[b]]', 'negated'],
    ['(?x)a b', "flag 'x'"],
    ['(?U)a', "flag 'U'"],
    ['a*+a', 'possessive'],
    ['(ab)*+c', 'possessive'],
    ['(a*+)a', 'possessive'],
    ['\\p{javaLowerCase}', 'not supported'],
    ['\\p{InGreek}', 'not supported'],
    ['\\p{Nonsense}', 'not supported'],
    ['\\y', 'not known'],
    ['*a', 'nothing before'],
    ['a{,2}', '{ must be escaped'],
    ['(a', 'not closed'],
    ['a)', 'without its ('],
    ['[a', 'not closed'],
    ['a\\', 'ends with'],
    ['a{5000}', 'not valid'],
    ['a'.repeat(9000), '8192 characters'],
  ])('refuses %s: %s', (source, reason) => {
    expect(() => javaPattern(source)).toThrow(DefinitionError);
    expect(() => javaPattern(source)).toThrow(reason);
  });

  it.each([
    ['(\\w+)@(\\w+)', 'ann@example', 0, 'ann@example'],
    ['(\\w+)@(\\w+)', 'ann@example', 2, 'example'],
    ['(\\w+)@(\\w+)', 'ann@example', 3, null],
    ['(\\w+)@(\\w+)', 'nothing', 0, null],
    ['(a)|b', 'b', 1, null],
  ])('%s on %s: group %i is %s', (source, text, group, expected) => {
    expect(javaPattern(source).group(text, group)).toBe(expected);
  });

  it('replaces every match, with groups', () => {
    expect(javaPattern('(\\d)-').replaceAll('1-2-', '<$1>')).toBe('<1><2>');
  });

  it('takes time in proportion to the text', () => {
    const started = performance.now();

    expect(javaPattern('(a+)+b').matches('a'.repeat(50_000))).toBe(false);

    expect(performance.now() - started).toBeLessThan(2000);
  });
});
