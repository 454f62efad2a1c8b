import { jsonPath } from './json-path.js';
import { DefinitionError, type Json, type Scope } from './message.js';

/** A JSONPath without its root; trees stand for values put in before it is read. */
export type PathParts = readonly (string | Tree)[];

export type Tree =
  | { readonly kind: 'literal'; readonly json: Json }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Tree[] }
  | { readonly kind: 'member'; readonly of: Tree; readonly path: PathParts }
  | { readonly kind: 'payload'; readonly path: PathParts }
  | { readonly kind: 'held'; readonly scope: Scope; readonly choices: readonly Choice[] }
  | { readonly kind: 'operation'; readonly first: Tree; readonly rest: readonly { readonly operator: string; readonly right: Tree }[] }
  | { readonly kind: 'negative'; readonly of: Tree }
  | { readonly kind: 'condition'; readonly test: Tree; readonly then: Tree; readonly otherwise: Tree };

/** A property's name, and the path into the JSON that it holds. */
export interface Choice {
  readonly name: string;
  readonly path: PathParts;
}

const LENGTH_MAX = 8192;
const DEPTH_MAX = 64;
const ITEMS_MAX = 1000;
const NAME_SEGMENTS_MAX = 16;

/** From the weakest to the strongest. */
const LEVELS: readonly RegExp[] = [/\|\||or\b/y, /&&|and\b/y, /==|!=/y, /<=|>=|<|>/y, /[+-]/y, /[*/%]/y];
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const QUOTED = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"/y;
const STEP = /\.\.?(?:\*|[\p{L}_$@][\p{L}\p{N}_$@]*(?:\(\))?|(?=\[))/uy;
const DOTTED = /\.([\p{L}_][\p{L}\p{N}_]*)(?![\p{L}\p{N}_]|\(\))/uy;
const BRACKETED = /\[\s*(?:'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*")\s*\]/y;
const PATTERN = /=~\s*\/(?:[^/\\]|\\[\s\S])*\//y;
const IN_FILTER = /(?:vars|headers|props|properties|params|payload)\b(?=[.[])/y;
const SKIPPED = /[@$\w.]+/y;
const REFUSED = /(?:wso2-vault|hashicorp-vault|registry|configs?|secret)\b/y;
const LITERALS: ReadonlyMap<string, Json> = new Map<string, Json>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
]);

/** Reads the inside of `${…}`. @throws DefinitionError that says where it stopped making sense. */
export const parseSynapseExpression = (source: string): Tree => {
  if (source.trim() === '') throw new DefinitionError(`the expression \${} is empty`);
  if (source.length > LENGTH_MAX) throw new DefinitionError(`an expression may have ${LENGTH_MAX} characters at most`);
  return new Parser(source).whole();
};

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly source: string) {}

  whole(): Tree {
    const tree = this.condition();
    if (this.at < this.source.length) throw this.refused(`'${this.source.slice(this.at, this.at + 20)}' was not expected`);
    return tree;
  }

  private condition(): Tree {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw new DefinitionError(`the expression is nested more than ${DEPTH_MAX} deep`);
    const test = this.level(0);
    let tree = test;
    if (this.takes('?')) {
      const then = this.condition();
      this.needs(':');
      tree = { kind: 'condition', test, then, otherwise: this.condition() };
    }
    this.depth -= 1;
    return tree;
  }

  private level(index: number): Tree {
    const operators = LEVELS[index];
    if (operators === undefined) return this.signed();
    const first = this.level(index + 1);
    const rest: { operator: string; right: Tree }[] = [];
    for (let found = this.match(operators); found !== undefined; found = this.match(operators)) {
      const operator = found === 'and' ? '&&' : found === 'or' ? '||' : found;
      rest.push({ operator, right: this.level(index + 1) });
    }
    return rest.length === 0 ? first : { kind: 'operation', first, rest };
  }

  private signed(): Tree {
    let isNegative = false;
    this.spaces();
    while (this.takes('-')) {
      isNegative = !isNegative;
      this.spaces();
    }
    const of = this.primary();
    this.spaces();
    return isNegative ? { kind: 'negative', of } : of;
  }

  private primary(): Tree {
    if (this.takes('(')) {
      const tree = this.condition();
      this.needs(')');
      return this.member(tree);
    }
    if (this.takes('[')) return this.member({ kind: 'list', items: this.list(']') });
    if (this.takes('$')) return { kind: 'payload', path: this.path() };
    const quoted = this.match(QUOTED);
    if (quoted !== undefined) return { kind: 'literal', json: unquoted(quoted) };
    const number = this.match(NUMBER);
    if (number !== undefined) return { kind: 'literal', json: Number(number) };
    if (this.source[this.at] === '!') throw this.refused("'!' is not known; use not(…)");
    return this.named();
  }

  private named(): Tree {
    const refused = this.match(REFUSED);
    if (refused !== undefined) throw this.refused(`'${refused}' is not supported: there is no such store at the gateway`);
    const word = this.match(WORD);
    if (word === undefined) throw this.refused('a value was expected');
    const literal = LITERALS.get(word);
    if (literal !== undefined) return { kind: 'literal', json: literal };
    if (word === 'payload') return { kind: 'payload', path: this.path() };
    const held = this.held(word);
    if (held !== undefined) return held;
    this.spaces();
    if (!this.takes('(')) throw this.refused(`'${word}' is not known; a text needs quotes`);
    return this.member({ kind: 'call', name: word, args: this.list(')') });
  }

  private held(word: string): Tree | undefined {
    if (word === 'vars') return this.property('var', '');
    if (word === 'headers') return this.property('transport', '');
    if (word === 'props' || word === 'properties') {
      const scope = this.match(DOTTED);
      if (scope === '.synapse') return this.property('default', '');
      if (scope === '.axis2') return this.property('axis2', '');
      throw this.refused(`'${word}' needs a scope: ${word}.synapse or ${word}.axis2`);
    }
    if (word !== 'params') return undefined;
    const kind = this.match(DOTTED);
    if (kind === '.queryParams') return this.property('default', 'query.param.');
    if (kind === '.pathParams') return this.property('default', 'uri.var.');
    if (kind === '.functionParams') throw this.refused("'params.functionParams' is not supported: there are no templates");
    throw this.refused("'params' needs a kind: params.queryParams or params.pathParams");
  }

  /** Names may hold dots, and a path may begin with one: all that the name can be, the longest first. */
  private property(scope: Scope, prefix: string): Tree {
    const bracketed = this.match(BRACKETED);
    if (bracketed !== undefined) {
      const name = prefix + unquoted(bracketed.slice(1, -1).trim());
      return { kind: 'held', scope, choices: [{ name, path: this.path() }] };
    }
    const start = this.at;
    const ends: number[] = [];
    while (ends.length < NAME_SEGMENTS_MAX && this.match(DOTTED) !== undefined) ends.push(this.at);
    if (ends.length === 0) throw this.refused('a name was expected');
    const tail = this.path();
    const after = ends.at(-1) ?? start;
    const choices = ends.reverse().map((end) => {
      const between = this.source.slice(end, after);
      return { name: prefix + this.source.slice(start + 1, end), path: between === '' ? tail : checked([between, ...tail]) };
    });
    return { kind: 'held', scope, choices };
  }

  private member(of: Tree): Tree {
    const path = this.path();
    return path.length === 0 ? of : { kind: 'member', of, path };
  }

  private path(): PathParts {
    const parts: (string | Tree)[] = [];
    let from = this.at;
    const flush = (): void => {
      if (this.at > from) parts.push(this.source.slice(from, this.at));
    };
    while (true) {
      if (this.match(STEP) !== undefined) continue;
      if (this.source[this.at] !== '[') break;
      this.bracket((tree, start) => {
        parts.push(this.source.slice(from, start), tree);
        from = this.at;
      });
    }
    flush();
    return checked(parts);
  }

  /** Passes over brackets and all that they hold, but for the values of the message in them. */
  private bracket(put: (tree: Tree, start: number) => void): void {
    let open = 0;
    do {
      const character = this.source[this.at];
      const start = this.at;
      if (character === undefined) throw this.refused('a ] was expected');
      if (this.match(IN_FILTER) !== undefined) {
        this.at = start;
        this.depth += 1;
        if (this.depth > DEPTH_MAX) throw new DefinitionError(`the expression is nested more than ${DEPTH_MAX} deep`);
        put(this.named(), start);
        this.depth -= 1;
      } else if (this.match(QUOTED) === undefined && this.match(PATTERN) === undefined && this.match(SKIPPED) === undefined) {
        if (character === '[' || character === '(') open += 1;
        if (character === ']' || character === ')') open -= 1;
        this.at += 1;
      }
    } while (open > 0);
  }

  private list(end: string): readonly Tree[] {
    this.spaces();
    if (this.takes(end)) return [];
    const items: Tree[] = [];
    do {
      items.push(this.condition());
    } while (this.takes(','));
    this.needs(end);
    if (items.length > ITEMS_MAX) throw this.refused(`there may be ${ITEMS_MAX} values in a list at most`);
    return items;
  }

  private spaces(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
  }

  private takes(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private needs(text: string): void {
    if (!this.takes(text)) throw this.refused(`a ${text} was expected`);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private refused(reason: string): DefinitionError {
    return new DefinitionError(`the expression '\${${this.source}}' is not valid at ${this.at + 1}: ${reason}`);
  }
}

/** What a path looks like with any value put in must be a path. */
const checked = (parts: PathParts): PathParts => {
  if (parts.length > 0) jsonPath(`$${parts.map((part) => (typeof part === 'string' ? part : '0')).join('')}`);
  return parts;
};

const unquoted = (quoted: string): string =>
  quoted.slice(1, -1).replace(/\\(u[0-9A-Fa-f]{4}|[\s\S])/g, (whole, escaped: string) => {
    if (escaped.length === 5) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return ESCAPES.get(escaped) ?? (/['"\\/]/.test(escaped) ? escaped : whole);
  });
