import { DefinitionError } from './message.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const NAMED_MONTH =
  '(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)';
const NAMED_DAY = '((?:Mon|Tue(?:s)?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)';
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+/g;
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;
const LETTERS = 'yuMdEHkhKmsSaZXz';
const LENGTH_MAX = 256;
const MINUTE_MS = 60_000;

/**
 * Reads a date as a pattern of {@link javaDateFormat} writes it, in the time zone of this process unless the text has one; what the pattern leaves out is the
 * start of 1970. Undefined for a text that is not as the pattern says, or no date.
 *
 * @throws DefinitionError for a letter that cannot be read: eras, weeks and days of the year.
 */
export const javaDateParser = (pattern: string): ((text: string) => number | undefined) => {
  if (pattern.length > LENGTH_MAX) throw new DefinitionError(`a date pattern may have ${LENGTH_MAX} characters at most`);
  const letters: string[] = [];
  const source = pattern.replace(TOKEN, (text: string, quoted: string | undefined, letter: string | undefined) => {
    if (quoted !== undefined) return (quoted === '' ? "'" : quoted.replaceAll("''", "'")).replace(SPECIAL, '\\$&');
    if (letter === undefined) return text.replace(SPECIAL, '\\$&');
    if (!LETTERS.includes(letter) || letters.includes(letter))
      throw new DefinitionError(
        `dates cannot be read by the pattern '${pattern}': the letter '${letter}' is not supported, or comes again`,
      );
    letters.push(letter);
    return fieldSource(letter, text.length);
  });
  const expected = new RegExp(`^${source}$`, 'i');
  return (text) => {
    const found = text.length > LENGTH_MAX ? null : expected.exec(text);
    return found === null ? undefined : epochOf(new Map(letters.map((letter, index) => [letter, found[index + 1] ?? ''])));
  };
};

/** Each is one bounded group, so that matching takes no time worth speaking of. */
const fieldSource = (letter: string, width: number): string => {
  if (letter === 'M') return width < 3 ? `(\\d{${width},2})` : NAMED_MONTH;
  if (letter === 'E') return NAMED_DAY;
  if (letter === 'a') return '([ap]m)';
  if (letter === 'z') return '(UTC|GMT|Z)';
  if (letter === 'X' || letter === 'Z') return '(Z|[+-]\\d\\d(?::?\\d\\d)?)';
  if (letter === 'y' || letter === 'u') return width === 2 ? '(\\d{2})' : '(\\d{4})';
  return letter === 'S' ? `(\\d{${Math.min(width, 9)}})` : `(\\d{${Math.min(width, 2)},2})`;
};

const epochOf = (fields: ReadonlyMap<string, string>): number | undefined => {
  const number = (letter: string, otherwise: number): number => Number(fields.get(letter) ?? otherwise);
  const written = fields.get('y') ?? fields.get('u') ?? '1970';
  const year = written.length === 2 ? 2000 + Number(written) : Number(written);
  const named = fields.get('M') ?? '1';
  const month = /^\d/.test(named) ? Number(named) - 1 : MONTHS.indexOf(named.slice(0, 3).toLowerCase());
  const day = number('d', 1);
  const hour = hourOf(fields, number);
  const rest = [number('m', 0), number('s', 0), Math.trunc(Number(`0.${fields.get('S') ?? '0'}`) * 1000)] as const;
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  if (month < 0 || month > 11 || day < 1 || day > lastDay || hour > 23 || rest[0] > 59 || rest[1] > 59) return undefined;
  const zone = fields.get('X') ?? fields.get('Z') ?? fields.get('z');
  if (zone === undefined) return new Date(year, month, day, hour, ...rest).getTime();
  return Date.UTC(year, month, day, hour, ...rest) - offsetOf(zone) * MINUTE_MS;
};

const hourOf = (fields: ReadonlyMap<string, string>, number: (letter: string, otherwise: number) => number): number => {
  if (fields.has('H')) return number('H', 0);
  if (fields.has('k')) return number('k', 24) % 24;
  const isAfternoon = fields.get('a')?.toLowerCase() === 'pm';
  const hour = fields.has('h') ? number('h', 12) % 12 : number('K', 0);
  return isAfternoon ? hour + 12 : hour;
};

const offsetOf = (zone: string): number => {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};
