import { DefinitionError } from './message.js';

/** One part of a template between its root and its end. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'print'; readonly operation: Operation; readonly line: number }
  | { readonly kind: 'set'; readonly name: string; readonly operation: Operation }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: Operation; readonly parts: readonly Part[] }[];
      readonly otherwise: readonly Part[];
    }
  | { readonly kind: 'for'; readonly name: string; readonly list: Operation; readonly parts: readonly Part[] };

export type Operation =
  | { readonly kind: 'literal'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly Operation[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Operation; readonly key: Operation }
  | { readonly kind: 'filter'; readonly filter: string; readonly of: Operation; readonly args: readonly Operation[] }
  | { readonly kind: 'not'; readonly of: Operation }
  | { readonly kind: 'negative'; readonly of: Operation }
  | { readonly kind: 'and' | 'or'; readonly left: Operation; readonly right: Operation }
  | { readonly kind: 'test'; readonly test: 'defined' | 'none'; readonly of: Operation }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operation; readonly right: Operation };

/** The filters of policies, and how many arguments they take at most (`reference/mediation.md` §1.3). */
const FILTERS: ReadonlyMap<string, number> = new Map([
  ['default', 2],
  ['lower', 0],
  ['upper', 0],
  ['trim', 0],
  ['replace', 2],
  ['length', 0],
  ['join', 1],
  ['escape', 0],
  ['e', 0],
  ['int', 1],
  ['tojson', 0],
  ['split', 1],
]);
const PROTOTYPE_NAMES: ReadonlySet<string> = new Set(['__proto__', 'prototype', 'constructor', 'class', 'getClass']);
const TOKEN =
  /\s+|(?<name>[A-Za-z_]\w*)|(?<number>\d+(?:\.\d+)?)|(?<text>'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")|(?<mark>==|!=|<=|>=|[<>|.,:()[\]=-])/gy;
const LENGTH_MAX = 1024 * 1024;
const DEPTH_MAX = 32;
const PARTS_MAX = 20_000;

interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'mark' | 'end';
  readonly text: string;
}

interface Tag {
  readonly kind: 'text' | 'print' | 'block';
  readonly text: string;
  readonly line: number;
}

/** Reads a template into its parts. @throws DefinitionError with the line for a mistake, and for what policies must not use. */
export const parseParts = (source: string): readonly Part[] => {
  if (Buffer.byteLength(source) > LENGTH_MAX) throw new DefinitionError('it is larger than 1 MiB');
  return new PartsParser(tagsOf(source)).all();
};

/** Cuts the text at `{{`, `{%` and `{#`; comments are gone, white space is cut where a `-` asks for it, `{% raw %}` is text. */
const tagsOf = (source: string): readonly Tag[] => {
  const tags: Tag[] = [];
  let at = 0;
  let line = 1;
  let trimsNext = false;
  const advance = (to: number): void => {
    for (let end = source.indexOf('\n', at); end >= 0 && end < to; end = source.indexOf('\n', end + 1)) line += 1;
    at = to;
  };
  const addText = (text: string, trimsEnd: boolean): void => {
    const from = trimsNext ? text.trimStart() : text;
    const cut = trimsEnd ? from.trimEnd() : from;
    if (cut !== '') tags.push({ kind: 'text', text: cut, line });
  };
  while (at < source.length) {
    const next = nextMark(source, at);
    const trimsBefore = next >= 0 && source[next + 2] === '-';
    addText(source.slice(at, next < 0 ? undefined : next), trimsBefore);
    trimsNext = false;
    if (next < 0) break;
    advance(next);
    const mark = source[next + 1];
    const end = endOf(source, next + 2, mark === '{' ? '}}' : mark === '%' ? '%}' : '#}', mark === '#');
    if (end < 0) throw new DefinitionError(`the template has a '{${mark}' that is not closed`, null, line);
    trimsNext = source[end - 1] === '-' && end - 1 > next + 1;
    const inside = source.slice(next + (trimsBefore ? 3 : 2), trimsNext ? end - 1 : end).trim();
    if (mark === '%' && inside === 'raw') {
      advance(end + 2);
      const close = /\{%(-?)\s*endraw\s*(-?)%\}/g;
      close.lastIndex = at;
      const match = close.exec(source);
      if (match === null) throw new DefinitionError("the template has a '{% raw %}' that is not closed", null, line);
      addText(source.slice(at, match.index), match[1] === '-');
      trimsNext = match[2] === '-';
      advance(close.lastIndex);
      continue;
    }
    if (mark !== '#') tags.push({ kind: mark === '{' ? 'print' : 'block', text: inside, line });
    advance(end + 2);
  }
  return tags;
};

const nextMark = (source: string, from: number): number => {
  for (let at = source.indexOf('{', from); at >= 0; at = source.indexOf('{', at + 1)) {
    const next = source[at + 1];
    if (next === '{' || next === '%' || next === '#') return at;
  }
  return -1;
};

/** Where a tag ends; its marks within quotes do not end it. */
const endOf = (source: string, from: number, mark: string, isComment: boolean): number => {
  if (isComment) return source.indexOf(mark, from);
  let quote = '';
  for (let at = from; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === "'" || character === '"') {
      quote = character;
    } else if (source.startsWith(mark, at)) {
      return at;
    }
  }
  return -1;
};

class PartsParser {
  private at = 0;
  private count = 0;

  constructor(private readonly tags: readonly Tag[]) {}

  all(): readonly Part[] {
    const parts = this.until([], 0);
    const left = this.tags[this.at];
    if (left !== undefined) throw new DefinitionError(`the template has '{% ${left.text} %}' where nothing is open`, null, left.line);
    return parts;
  }

  /** The parts up to a block tag of one of these names, which is left to the caller. */
  private until(names: readonly string[], depth: number): readonly Part[] {
    const parts: Part[] = [];
    for (let tag = this.tags[this.at]; tag !== undefined; tag = this.tags[this.at]) {
      const word = tag.kind === 'block' ? wordOf(tag) : '';
      if (names.includes(word) || CLOSING.has(word)) break;
      this.at += 1;
      this.count += 1;
      if (this.count > PARTS_MAX) throw new DefinitionError(`the template has more than ${PARTS_MAX} parts`, null, tag.line);
      if (depth > DEPTH_MAX) throw new DefinitionError(`the template is nested more than ${DEPTH_MAX} deep`, null, tag.line);
      parts.push(
        tag.kind === 'text'
          ? { kind: 'text', text: tag.text }
          : tag.kind === 'print'
            ? { kind: 'print', operation: operationOf(tag.text, tag.line), line: tag.line }
            : this.block(tag, word, depth),
      );
    }
    return parts;
  }

  private block(tag: Tag, word: string, depth: number): Part {
    const rest = tag.text.slice(word.length);
    if (word === 'if') return this.condition(tag, rest, depth);
    if (word === 'for') return this.loop(tag, rest, depth);
    if (word === 'set') {
      const [, name, value] = /^\s+([A-Za-z_]\w*)\s*=([\s\S]*)$/.exec(rest) ?? [];
      if (name === undefined || value === undefined)
        throw new DefinitionError('{% set %} must be written {% set name = value %}', null, tag.line);
      return { kind: 'set', name, operation: operationOf(value, tag.line) };
    }
    throw new DefinitionError(`the template uses '{% ${word === '' ? tag.text : word} %}', which policies must not use`, null, tag.line);
  }

  private condition(tag: Tag, first: string, depth: number): Part {
    const branches = [{ condition: operationOf(first, tag.line), parts: this.until(['elif', 'else', 'endif'], depth + 1) }];
    for (;;) {
      const next = this.closing(tag, 'endif');
      if (wordOf(next) === 'endif') return { kind: 'if', branches, otherwise: [] };
      if (wordOf(next) === 'else') break;
      if (wordOf(next) !== 'elif') throw misplaced(next);
      branches.push({
        condition: operationOf(next.text.slice('elif'.length), next.line),
        parts: this.until(['elif', 'else', 'endif'], depth + 1),
      });
    }
    const otherwise = this.until(['endif'], depth + 1);
    const end = this.closing(tag, 'endif');
    if (wordOf(end) !== 'endif') throw misplaced(end);
    return { kind: 'if', branches, otherwise };
  }

  private loop(tag: Tag, rest: string, depth: number): Part {
    const [, name, list] = /^\s+([A-Za-z_]\w*)\s+in\s([\s\S]*)$/.exec(rest) ?? [];
    if (name === undefined || list === undefined)
      throw new DefinitionError('{% for %} must be written {% for name in list %}', null, tag.line);
    const operation = operationOf(list, tag.line);
    const parts = this.until(['endfor'], depth + 1);
    const end = this.closing(tag, 'endfor');
    if (wordOf(end) !== 'endfor') throw misplaced(end);
    return { kind: 'for', name, list: operation, parts };
  }

  private closing(open: Tag, name: string): Tag {
    const tag = this.tags[this.at];
    if (tag === undefined) throw new DefinitionError(`the template has '{% ${open.text} %}' without '{% ${name} %}'`, null, open.line);
    this.at += 1;
    return tag;
  }
}

const CLOSING: ReadonlySet<string> = new Set(['elif', 'else', 'endif', 'endfor', 'endraw']);

const wordOf = ({ text }: Tag): string => /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';

const misplaced = ({ text, line }: Tag): DefinitionError =>
  new DefinitionError(`the template has '{% ${text} %}' in the wrong place`, null, line);

const operationOf = (source: string, line: number): Operation => new OperationParser(source, line).whole();

class OperationParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(
    private readonly source: string,
    private readonly line: number,
  ) {
    this.tokens = this.tokenize();
  }

  whole(): Operation {
    const operation = this.either();
    if (this.token().kind !== 'end') throw this.refused(`'${this.token().text}' was not expected`);
    return operation;
  }

  private tokenize(): readonly Token[] {
    const tokens: Token[] = [];
    let end = 0;
    for (const match of this.source.matchAll(TOKEN)) {
      end = match.index + match[0].length;
      const [kind, text] = Object.entries(match.groups ?? {}).find(([, value]) => value !== undefined) ?? [];
      if (text !== undefined) tokens.push({ kind: kind as Token['kind'], text });
    }
    if (end < this.source.length) throw this.refused(`'${this.source.slice(end, end + 20)}' is not understood`);
    return tokens;
  }

  private either(): Operation {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw this.refused(`it is nested more than ${DEPTH_MAX} deep`);
    let left = this.both();
    while (this.takes('or')) left = { kind: 'or', left, right: this.both() };
    this.depth -= 1;
    return left;
  }

  private both(): Operation {
    let left = this.negation();
    while (this.takes('and')) left = { kind: 'and', left, right: this.negation() };
    return left;
  }

  private negation(): Operation {
    let isNegated = false;
    while (this.takes('not')) isNegated = !isNegated;
    const of = this.comparison();
    return isNegated ? { kind: 'not', of } : of;
  }

  private comparison(): Operation {
    let left = this.value();
    for (;;) {
      const operator = this.token().text;
      if (this.token().kind === 'mark' && ['==', '!=', '<', '>', '<=', '>='].includes(operator)) {
        this.at += 1;
        left = { kind: 'compare', operator, left, right: this.value() };
      } else if (this.takes('in')) {
        left = { kind: 'compare', operator: 'in', left, right: this.value() };
      } else if (this.token().text === 'not' && this.tokens[this.at + 1]?.text === 'in') {
        this.at += 2;
        left = { kind: 'not', of: { kind: 'compare', operator: 'in', left, right: this.value() } };
      } else if (this.takes('is')) {
        left = this.test(left);
      } else {
        return left;
      }
    }
  }

  private test(of: Operation): Operation {
    const isNegated = this.takes('not');
    const { text } = this.token();
    this.at += 1;
    const name = text === 'None' ? 'none' : text;
    if (name !== 'defined' && name !== 'none') throw this.refused(`the test 'is ${text}' is not supported`);
    const test: Operation = { kind: 'test', test: name, of };
    return isNegated ? { kind: 'not', of: test } : test;
  }

  private value(): Operation {
    if (this.takes('-')) return { kind: 'negative', of: this.value() };
    let operation = this.primary();
    for (;;) {
      if (this.takes('.')) {
        const { kind, text } = this.token();
        if (kind !== 'name' && kind !== 'number') throw this.refused('a name was expected after the dot');
        this.at += 1;
        operation = this.memberOf(operation, { kind: 'literal', value: kind === 'number' ? Number(text) : text });
      } else if (this.takes('[')) {
        const key = this.either();
        this.expects(']');
        operation = this.memberOf(operation, key);
      } else if (this.takes('|')) {
        operation = this.filter(operation);
      } else if (this.token().text === '(' && this.token().kind === 'mark') {
        throw this.refused('calls are not supported');
      } else {
        return operation;
      }
    }
  }

  private memberOf(of: Operation, key: Operation): Operation {
    if (key.kind === 'literal' && typeof key.value === 'string' && PROTOTYPE_NAMES.has(key.value))
      throw this.refused(`access to '${key.value}' is not allowed`);
    return { kind: 'member', of, key };
  }

  private filter(of: Operation): Operation {
    const { text: filter } = this.token();
    const most = FILTERS.get(filter);
    if (most === undefined) throw this.refused(`the filter '${filter}' is not supported`);
    this.at += 1;
    const args = this.takes('(') ? this.items(')') : [];
    if (args.length > most || (filter === 'replace' && args.length < 2))
      throw this.refused(`the filter '${filter}' does not take ${args.length} arguments`);
    return { kind: 'filter', filter, of, args };
  }

  private primary(): Operation {
    const { kind, text } = this.token();
    this.at += 1;
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind === 'text') return { kind: 'literal', value: unquoted(text) };
    if (text === '(') {
      const operation = this.either();
      this.expects(')');
      return operation;
    }
    if (text === '[') return { kind: 'list', items: this.items(']') };
    if (kind !== 'name') throw this.refused(kind === 'end' ? 'a value was expected' : `'${text}' was not expected`);
    const literal = LITERALS.get(text);
    if (literal !== undefined) return { kind: 'literal', value: literal.value };
    if (RESERVED.has(text)) throw this.refused(`'${text}' was not expected`);
    return { kind: 'name', name: text };
  }

  private items(close: string): Operation[] {
    const items: Operation[] = [];
    while (!this.takes(close)) {
      if (items.length > 0) this.expects(',');
      items.push(this.either());
    }
    return items;
  }

  private token(): Token {
    return this.tokens[this.at] ?? { kind: 'end', text: '' };
  }

  private takes(text: string): boolean {
    const token = this.token();
    if (token.kind === 'text' || token.text !== text || token.kind === 'end') return false;
    this.at += 1;
    return true;
  }

  private expects(text: string): void {
    if (!this.takes(text)) throw this.refused(`a '${text}' was expected`);
  }

  private refused(reason: string): DefinitionError {
    return new DefinitionError(
      `the template's expression '${this.source.trim().slice(0, 200)}' cannot be read: ${reason}`,
      null,
      this.line,
    );
  }
}

const LITERALS: ReadonlyMap<string, { readonly value: unknown }> = new Map([
  ['true', { value: true }],
  ['True', { value: true }],
  ['false', { value: false }],
  ['False', { value: false }],
  ['none', { value: null }],
  ['None', { value: null }],
  ['null', { value: null }],
]);
const RESERVED: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'is', 'if', 'else']);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

const unquoted = (text: string): string =>
  text
    .slice(1, -1)
    .replace(/\\([\s\S])/g, (_, character: string) => (Object.hasOwn(ESCAPES, character) ? (ESCAPES[character] ?? '') : character));
