import { javaDateFormat } from './java-dates.js';
import { DefinitionError } from './message.js';

// A moment given in local time, so that the table holds in every time zone.
const MOMENT = new Date(2024, 1, 5, 15, 4, 9, 7).getTime();
const MIDNIGHT = new Date(2023, 11, 31, 0, 0, 0, 0).getTime();

describe('a Java date pattern', () => {
  it.each([
    ['yyyy-MM-dd HH:mm:ss.SSS', MOMENT, '2024-02-05 15:04:09.007'],
    ["yyyy-MM-dd'T'HH:mm:ss", MOMENT, '2024-02-05T15:04:09'],
    ['d/M/yy h:m a', MOMENT, '5/2/24 3:4 PM'],
    ['EEE, d MMM yyyy', MOMENT, 'Mon, 5 Feb 2024'],
    ['EEEE MMMM', MOMENT, 'Monday February'],
    ['D F u G', MOMENT, '36 1 1 AD'],
    ['k K h H', MIDNIGHT, '24 0 12 0'],
    ["D u 'o''clock' ''", MIDNIGHT, "365 7 o'clock '"],
    ['', MOMENT, ''],
  ])('%s of %d: %s', (pattern, at, expected) => {
    expect(javaDateFormat(pattern)(at)).toBe(expected);
  });

  it('writes the offset of the time zone', () => {
    expect(javaDateFormat('Z')(MOMENT)).toMatch(/^[+-]\d{4}$/);
    expect(javaDateFormat('XXX')(MOMENT)).toMatch(/^(?:Z|[+-]\d\d:\d\d)$/);
    expect(javaDateFormat('z')(MOMENT)).not.toBe('');
  });

  it.each(['yyyy-bb', "HH 'open", 'constructor', 'y'.repeat(300)])('refuses %s', (pattern) => {
    expect(() => javaDateFormat(pattern)).toThrow(DefinitionError);
  });
});
