import { snakeCase, UniqueNames } from '../identifiers.js';

/** Words that are no names, and types that annotations speak of: a method `list` would hide the type in all methods after it. */
const KEYWORDS = [
  ...[
    'False',
    'None',
    'True',
    'and',
    'as',
    'assert',
    'async',
    'await',
    'break',
    'class',
    'continue',
    'def',
    'del',
    'elif',
    'else',
    'except',
  ],
  ...['finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'nonlocal', 'not', 'or', 'pass', 'raise', 'return', 'try'],
  ...['while', 'with', 'yield', 'match', 'case', 'type'],
  ...['bool', 'bytes', 'dict', 'float', 'int', 'list', 'object', 'str', 'tuple', 'property'],
] as const;

const IDENTIFIER = /^[A-Za-z]\w*$/;

export const isKeyword = (name: string): boolean => (KEYWORDS as readonly string[]).includes(name);

/** Whether a key can be written as a name. Names that begin with an underscore mean something else within a class. */
export const isPlainName = (name: string): boolean => IDENTIFIER.test(name) && !isKeyword(name);

/** Names for parameters or methods in the style of the language. */
export class PythonNames {
  private readonly names: UniqueNames;

  constructor(reserved: Iterable<string>) {
    this.names = new UniqueNames(reserved);
  }

  take(text: string, otherwise: string): string {
    const name = snakeCase(text) || otherwise;
    return this.names.take(isKeyword(name) ? `${name}_value` : name);
  }
}

/** A literal for the text, whatever is in it. */
export const literal = (text: string): string => `"${escaped(text.replace(/[\\"]/g, '\\$&'))}"`;

/** Lines of a docstring; nothing in them ends it or is an escape. */
export const docstring = (paragraphs: readonly (string | undefined)[], indent: string): readonly string[] => {
  const lines = paragraphs
    .flatMap((text) => (text === undefined ? [] : ['', ...text.split('\n')]))
    .slice(1)
    .map(escapedLine);
  if (lines.length === 0) return [];
  const [first = '', ...rest] = lines;
  return rest.length === 0
    ? [`${indent}"""${first}"""`]
    : [`${indent}"""${first}`, ...rest.map((line) => (line === '' ? '' : `${indent}${line}`)), `${indent}"""`];
};

/** A quotation mark that stands alone is left as it is. */
const escapedLine = (line: string): string => escaped(line.replaceAll('\\', '\\\\').replace(/"(?="|$)/g, '\\"'));

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => `\\U${(character.codePointAt(0) ?? 0).toString(16).padStart(8, '0')}`);

export const indented = (lines: readonly string[], indent = '    '): readonly string[] =>
  lines.map((line) => (line === '' ? '' : `${indent}${line}`));
