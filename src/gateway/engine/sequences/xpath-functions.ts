import { createHmac } from 'node:crypto';
import { javaDateFormat } from './java-dates.js';
import { DefinitionError, MediationError, type Message, type Scope, type Value } from './message.js';

/** The scopes that `get-property` and variables know by these words. */
export const PROPERTY_SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['default', 'default'],
  ['axis2', 'axis2'],
  ['transport', 'transport'],
  ['operation', 'operation'],
]);

const DIGESTS: ReadonlyMap<string, string> = new Map([
  ['HmacMD5', 'md5'],
  ['HmacSHA1', 'sha1'],
  ['HmacSHA224', 'sha224'],
  ['HmacSHA256', 'sha256'],
  ['HmacSHA384', 'sha384'],
  ['HmacSHA512', 'sha512'],
]);
const CHARSETS: ReadonlyMap<string, BufferEncoding> = new Map<string, BufferEncoding>([
  ['utf-8', 'utf8'],
  ['utf8', 'utf8'],
  ['iso-8859-1', 'latin1'],
  ['us-ascii', 'ascii'],
  ['utf-16le', 'utf16le'],
]);
const UNRESERVED = /[A-Za-z0-9.\-*_]/;

/** A function on texts; the arguments that the policy wrote as they are can be checked before any message comes. */
export interface TextFunction {
  readonly least: number;
  readonly most: number;
  /** @throws DefinitionError for a literal argument that it does not know. */
  check?(literals: readonly (string | undefined)[]): void;
  /** @throws MediationError. */
  run(args: readonly string[]): string;
}

/** The functions of policies beside `get-property` and those of XPath (`reference/mediation.md` §7.1). */
export const TEXT_FUNCTIONS: ReadonlyMap<string, TextFunction> = new Map<string, TextFunction>([
  [
    'base64Encode',
    { least: 1, most: 2, check: checkCharset, run: ([text = '', charset]) => Buffer.from(text, charsetOf(charset)).toString('base64') },
  ],
  [
    'base64Decode',
    { least: 1, most: 2, check: checkCharset, run: ([text = '', charset]) => Buffer.from(text, 'base64').toString(charsetOf(charset)) },
  ],
  ['url-encode', { least: 1, most: 2, check: checkCharset, run: ([text = '', charset]) => formEncoded(text, charset) }],
  [
    'hmac-generate',
    {
      least: 2,
      most: 3,
      check: ([, , name]) => name !== undefined && orRefused(() => digestOf(name)),
      run: ([text = '', secret = '', name]) => createHmac(digestOf(name), secret).update(text).digest('hex'),
    },
  ],
]);

/** Text as a form's field is encoded: space is `+`. @throws MediationError for a charset that is not known. */
export const formEncoded = (text: string, charset?: string): string =>
  Array.from(Buffer.from(text, charsetOf(charset)), (byte) => {
    const character = String.fromCharCode(byte);
    if (character === ' ') return '+';
    return UNRESERVED.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');

function checkCharset([, charset]: readonly (string | undefined)[]): void {
  if (charset !== undefined) orRefused(() => charsetOf(charset));
}

const orRefused = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    throw new DefinitionError(error instanceof Error ? error.message : String(error));
  }
};

const charsetOf = (name = 'UTF-8'): BufferEncoding => {
  const charset = CHARSETS.get(name.toLowerCase());
  if (charset === undefined)
    throw new MediationError('0', `the charset '${name}' is not supported; use UTF-8, ISO-8859-1, US-ASCII or UTF-16LE`);
  return charset;
};

const digestOf = (name = 'HmacSHA1'): string => {
  const digest = DIGESTS.get(name);
  if (digest === undefined)
    throw new MediationError('0', `the algorithm '${name}' is not supported; use ${[...DIGESTS.keys()].join(', ')}`);
  return digest;
};

/** `get-property`: a scope and a name, a name alone, or `SYSTEM_DATE` with a date pattern. @throws MediationError for a pattern that cannot be read. */
export const propertyOf = (message: Message, first: string, second: string | undefined): Value | null => {
  const scope = second === undefined ? 'default' : PROPERTY_SCOPES.get(first);
  if (scope !== undefined) return message.get(scope, second ?? first);
  if (first !== 'SYSTEM_DATE' || second === undefined) return message.get('default', first);
  try {
    return javaDateFormat(second)(Date.now());
  } catch (error) {
    throw new MediationError('0', error instanceof Error ? error.message : String(error), { cause: error });
  }
};
