import { DefinitionError } from './message.js';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const TOKEN = /'((?:[^']|'')*)'|([A-Za-z])\2*|[^A-Za-z']+|'/g;
const LENGTH_MAX = 256;
const DAY_MS = 86_400_000;

/** Writes one field of a date in the time zone of this process, `width` letters wide. */
type Field = (date: Date, width: number) => string;

const number = (value: number, width: number): string => String(value).padStart(width, '0');
const midnight = (date: Date, year: number, month: number, day: number): number =>
  Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - Date.UTC(year, month, day)) / DAY_MS);

const offset = (date: Date, separator: string): string => {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${number(Math.floor(size / 60), 2)}${separator}${number(size % 60, 2)}`;
};

const isoOffset: Field = (date, width) => {
  if (date.getTimezoneOffset() === 0) return 'Z';
  return width === 1 ? offset(date, '').slice(0, 3) : offset(date, width === 2 ? '' : ':');
};

const zoneName: Field = (date, width) =>
  new Intl.DateTimeFormat('en', { timeZoneName: width < 4 ? 'short' : 'long' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')?.value ?? '';

const month: Field = (date, width) => {
  const name = MONTHS[date.getMonth()] ?? '';
  return width < 3 ? number(date.getMonth() + 1, width) : width === 3 ? name.slice(0, 3) : name;
};

const year: Field = (date, width) => (width === 2 ? number(date.getFullYear() % 100, 2) : number(date.getFullYear(), width));

const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>([
  ['G', (date) => (date.getFullYear() > 0 ? 'AD' : 'BC')],
  ['y', year],
  ['u', (date, width) => number(date.getDay() === 0 ? 7 : date.getDay(), width)],
  ['M', month],
  ['L', month],
  ['d', (date, width) => number(date.getDate(), width)],
  ['D', (date, width) => number(midnight(date, date.getFullYear(), 0, 1) + 1, width)],
  ['F', (date, width) => number(Math.floor((date.getDate() - 1) / 7) + 1, width)],
  ['E', (date, width) => (width < 4 ? (DAYS[date.getDay()] ?? '').slice(0, 3) : (DAYS[date.getDay()] ?? ''))],
  ['a', (date) => (date.getHours() < 12 ? 'AM' : 'PM')],
  ['H', (date, width) => number(date.getHours(), width)],
  ['k', (date, width) => number(date.getHours() === 0 ? 24 : date.getHours(), width)],
  ['K', (date, width) => number(date.getHours() % 12, width)],
  ['h', (date, width) => number(date.getHours() % 12 === 0 ? 12 : date.getHours() % 12, width)],
  ['m', (date, width) => number(date.getMinutes(), width)],
  ['s', (date, width) => number(date.getSeconds(), width)],
  ['S', (date, width) => number(date.getMilliseconds(), width)],
  ['z', zoneName],
  ['Z', (date) => offset(date, '')],
  ['X', isoOffset],
]);

/**
 * Reads a date pattern as `java.text.SimpleDateFormat` does; names are English, the time zone is that of this process.
 *
 * | letters | written |
 * |---|---|
 * | `G y M L d D F E u` | era, year, month, day of the month and of the year, week of the month by its days, day of the week |
 * | `a H k K h m s S` | AM or PM, hours 0-23, 1-24, 0-11, 1-12, minutes, seconds, milliseconds |
 * | `z Z X` | the zone: name, `+0100`, `+01` / `+0100` / `+01:00` or `Z` |
 * | `'text'`, `''` | the text, an apostrophe |
 *
 * @throws DefinitionError for a letter that is not listed, or a quotation without end.
 */
export const javaDateFormat = (pattern: string): ((epochMs: number) => string) => {
  if (pattern.length > LENGTH_MAX) throw new DefinitionError(`a date pattern may have ${LENGTH_MAX} characters at most`);
  const parts = Array.from(pattern.matchAll(TOKEN), ([text, quoted, letter]) => partOf(pattern, text, quoted, letter));
  return (epochMs) => {
    const date = new Date(epochMs);
    return parts.map((part) => (typeof part === 'string' ? part : part(date))).join('');
  };
};

const partOf = (
  pattern: string,
  text: string,
  quoted: string | undefined,
  letter: string | undefined,
): string | ((date: Date) => string) => {
  if (quoted !== undefined) return quoted === '' ? "'" : quoted.replaceAll("''", "'");
  if (text === "'") throw new DefinitionError(`the date pattern '${pattern}' has a quotation without end`);
  if (letter === undefined) return text;
  const field = FIELDS.get(letter);
  if (field === undefined) throw new DefinitionError(`the date pattern '${pattern}' has the letter '${letter}', which is not supported`);
  return (date) => field(date, text.length);
};
