import type { AccessRecord } from './access-record.js';

type Part = (record: AccessRecord) => string;

const NONE = '-';
const or = (value: string | null | undefined): string => (value ? escaped(value) : NONE);

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number): string => String(value).padStart(2, '0');

/** `[10/Oct/2026:13:55:36 +0000]`; always in UTC. */
const commonDate = (at: number): string => {
  const date = new Date(at);
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `[${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000]`;
};

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
const queryOf = (url: string): string => url.slice(pathOf(url).length);

/** The tokens of the product's `access_log_pattern` that say something here (`reference/operations.md` §1.1, §8). */
const TOKENS: Readonly<Record<string, Part>> = {
  h: ({ client }) => or(client),
  a: ({ client }) => or(client),
  l: () => NONE,
  u: ({ user }) => or(user),
  t: ({ at }) => commonDate(at),
  r: ({ method, url, httpVersion }) => `"${escaped(`${method} ${url} HTTP/${httpVersion}`)}"`,
  m: ({ method }) => or(method),
  U: ({ url }) => or(pathOf(url)),
  q: ({ url }) => escaped(queryOf(url)),
  H: ({ httpVersion }) => `HTTP/${httpVersion}`,
  s: ({ status }) => String(status),
  b: ({ bytes }) => (bytes > 0 ? String(bytes) : NONE),
  B: ({ bytes }) => String(Math.max(0, bytes)),
  T: ({ durationMs }) => (durationMs / 1_000).toFixed(3),
  D: ({ durationMs }) => String(Math.round(durationMs)),
  v: ({ host }) => or(host),
  p: ({ port }) => String(port),
};

/** Headers that say who somebody is: never written. */
const CREDENTIALS = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'apikey',
  'internal-key',
  'x-gateway-explain',
  'x-jwt-assertion',
]);

export const isCredentialHeader = (name: string): boolean => CREDENTIALS.has(name);

/** Compiles an access log pattern. @throws Error that says what in the pattern cannot be written. */
export const accessPattern = (pattern: string): ((record: AccessRecord) => string) => {
  const parts: Part[] = [];
  const token = /%%|%\{([^}]*)\}(.?)|%([a-zA-Z]?)/gy;
  let at = 0;
  while (at < pattern.length) {
    const next = pattern.indexOf('%', at);
    const text = pattern.slice(at, next < 0 ? undefined : next);
    if (text !== '') parts.push(() => text);
    if (next < 0) break;
    token.lastIndex = next;
    const [found = '%', header, kind, letter] = token.exec(pattern) ?? [];
    parts.push(partOf(found, header, kind, letter));
    at = next + found.length;
  }
  return (record) => parts.map((part) => part(record)).join('');
};

const partOf = (found: string, header: string | undefined, kind: string | undefined, letter: string | undefined): Part => {
  if (found === '%%') return () => '%';
  if (header !== undefined && kind === 'i') return headerPart(header.toLowerCase());
  const part = letter === undefined ? undefined : TOKENS[letter];
  if (part === undefined) {
    throw new Error(
      `the access log cannot write '${found}'; it knows %{Header}i and ${Object.keys(TOKENS)
        .map((name) => `%${name}`)
        .join(' ')}`,
    );
  }
  return part;
};

const headerPart = (name: string): Part => {
  if (name === '' || isCredentialHeader(name)) throw new Error(`the access log never writes the header '${name}'`);
  return (record) => {
    const value = record.header(name);
    return value ? `"${escaped(value)}"` : NONE;
  };
};

/** Text from outside, so that it can neither end a line nor a quotation. */
const escaped = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  text.replaceAll(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) =>
    character === '"' || character === '\\' ? `\\${character}` : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
