import { javaDateParser } from './java-date-parse.js';
import { javaDateFormat } from './java-dates.js';
import { DefinitionError } from './message.js';

describe('a date read by a pattern', () => {
  it.each([
    ["yyyy-MM-dd'T'HH:mm:ss.SSSXXX", '2024-02-29T10:20:30.456+02:00', '2024-02-29T08:20:30.456Z'],
    ["yyyy-MM-dd'T'HH:mm:ssX", '2024-02-29T10:20:30Z', '2024-02-29T10:20:30.000Z'],
    ['EEE, dd MMM yyyy HH:mm:ss z', 'Thu, 29 Feb 2024 10:20:30 GMT', '2024-02-29T10:20:30.000Z'],
    ['d/M/yy hh:mm a Z', '1/2/24 12:05 am -0130', '2024-02-01T01:35:00.000Z'],
    ['yyyy.MM.dd kk Z', '2024.01.02 24 +00', '2024-01-02T00:00:00.000Z'],
    ['MMMM yyyy KK a X', 'march 2024 11 PM Z', '2024-03-01T23:00:00.000Z'],
    ["yyyy 'o''clock' Z", "2024 o'clock Z", '2024-01-01T00:00:00.000Z'],
  ])('%s of %s', (pattern, text, expected) => {
    const epochMs = javaDateParser(pattern)(text);

    expect(epochMs === undefined ? epochMs : new Date(epochMs).toISOString()).toBe(expected);
  });

  it('is what the same pattern writes', () => {
    const epochMs = new Date(2024, 5, 7, 8, 9, 10).getTime();
    const pattern = 'yyyyMMdd HHmmss';

    expect(javaDateParser(pattern)(javaDateFormat(pattern)(epochMs))).toBe(epochMs);
  });

  it.each([
    ['dd-MM-yyyy', '31-02-2024'],
    ['dd-MM-yyyy', '01-13-2024'],
    ['dd-MM-yyyy', '1-1-2024 '],
    ['HH:mm', '24:00'],
    ['HH:mm', '10:60'],
    ['yyyy', '24'],
    ['yyyy.MM', '2024-01'],
    ['yyyy', '1'.repeat(300)],
  ])('is none: %s of %s', (pattern, text) => {
    expect(javaDateParser(pattern)(text)).toBeUndefined();
  });

  it.each([['GG'], ['ww'], ['yyyy yyyy'], ["'open"], ['y'.repeat(300)]])('is refused by the pattern %.20s', (pattern) => {
    expect(() => javaDateParser(pattern)).toThrow(DefinitionError);
  });
});
