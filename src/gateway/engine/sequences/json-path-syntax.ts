import { type JavaPattern, javaPattern } from './java-pattern.js';
import { DefinitionError, type Json } from './message.js';

/** One step of a path. */
export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' }
  | { readonly kind: 'deep' }
  | { readonly kind: 'filter'; readonly filter: Filter };

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly filter: Filter }
  | { readonly kind: 'exists'; readonly path: Path }
  | { readonly kind: 'matches'; readonly left: Operand; readonly pattern: JavaPattern }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand };

export type Operand = { readonly kind: 'path'; readonly path: Path } | { readonly kind: 'literal'; readonly json: Json };

export interface Path {
  /** Whether it begins at the value that a filter looks at (`@`), not at the root (`$`). */
  readonly isRelative: boolean;
  readonly steps: readonly Step[];
  /** The function at its end, as in `$.items.length()`. */
  readonly aggregate: string | undefined;
  /** Whether it leads to one value at most. */
  readonly isDefinite: boolean;
}

export const AGGREGATES: ReadonlySet<string> = new Set(['length', 'size', 'min', 'max', 'avg', 'sum', 'stddev', 'keys', 'first', 'last']);
const LENGTH_MAX = 4096;
const DEPTH_MAX = 32;
const MEMBER = /[$@]?[^\s.[\]()'",:;*?@$!=<>~&|+{}/\\]+|[$@]/y;
const OPERATOR = /==|!=|<=|>=|<|>|=~|(?:in|nin|size|empty|subsetof|anyof|noneof)\b/iy;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /-?\d{1,9}/y;
const REGEX = /\/((?:[^/\\]|\\[\s\S])*)\/([a-z]*)/y;

/** Reads a path that begins with `$`. @throws DefinitionError that says where it stopped making sense. */
export const parsePath = (source: string): Path => {
  if (source.length > LENGTH_MAX) throw new DefinitionError(`a JSONPath may have ${LENGTH_MAX} characters at most`);
  return new PathParser(source).whole();
};

class PathParser {
  private at = 0;
  private depth = 0;

  constructor(private readonly source: string) {}

  whole(): Path {
    this.spaces();
    if (!this.takes('$')) throw this.refused('it must begin with $');
    const path = this.path(false);
    this.spaces();
    if (this.at < this.source.length) throw this.refused(`'${this.source.slice(this.at, this.at + 20)}' was not expected`);
    return path;
  }

  private path(isRelative: boolean): Path {
    const steps: Step[] = [];
    let aggregate: string | undefined;
    while (aggregate === undefined) {
      if (this.takes('..')) {
        steps.push({ kind: 'deep' });
        if (!this.source.startsWith('[', this.at)) steps.push(this.dotted());
      } else if (this.takes('.')) {
        // `$.` alone is the root, and `$.[0]` the same as `$[0]`.
        if (this.source.startsWith('[', this.at) || (steps.length === 0 && this.isEnd())) continue;
        const step = this.dotted();
        if (step.kind === 'name' && this.takes('()')) {
          if (!AGGREGATES.has(step.name)) throw this.refused(`the function ${step.name}() is not known`);
          aggregate = step.name;
        } else {
          steps.push(step);
        }
      } else if (this.takes('[')) {
        steps.push(this.bracket());
      } else {
        break;
      }
    }
    return { isRelative, steps, aggregate, isDefinite: aggregate !== undefined || steps.every(isDefiniteStep) };
  }

  private isEnd(): boolean {
    return /^[\s)\]&|=!<>]*$|^[\s)=!<>&|]/.test(this.source.slice(this.at, this.at + 1));
  }

  private dotted(): Step {
    if (this.takes('*')) return { kind: 'all' };
    const name = this.match(MEMBER)?.[0];
    if (name === undefined) throw this.refused('a name was expected after the dot');
    return { kind: 'name', name };
  }

  private bracket(): Step {
    this.spaces();
    const step = this.inside();
    this.spaces();
    if (!this.takes(']')) throw this.refused('a ] was expected');
    return step;
  }

  private inside(): Step {
    if (this.takes('*')) return { kind: 'all' };
    if (this.takes('?')) return this.filtered();
    const quote = this.source[this.at];
    if (quote === "'" || quote === '"') {
      const names = this.list(() => this.text());
      const [name = '', second] = names;
      return second === undefined ? { kind: 'name', name } : { kind: 'names', names };
    }
    const first = this.match(INTEGER)?.[0];
    this.spaces();
    if (this.takes(':')) {
      this.spaces();
      const to = this.match(INTEGER)?.[0];
      return { kind: 'slice', from: first === undefined ? undefined : Number(first), to: to === undefined ? undefined : Number(to) };
    }
    if (first === undefined) throw this.refused('an index, a quoted name, * or ?(…) was expected in the brackets');
    const more = this.takes(',') ? this.list(() => this.integer()) : [];
    return more.length === 0 ? { kind: 'index', index: Number(first) } : { kind: 'indexes', indexes: [Number(first), ...more] };
  }

  private list<T>(item: () => T): T[] {
    const items: T[] = [];
    do {
      this.spaces();
      items.push(item());
      this.spaces();
    } while (this.takes(','));
    return items;
  }

  private integer(): number {
    const text = this.match(INTEGER)?.[0];
    if (text === undefined) throw this.refused('an index was expected');
    return Number(text);
  }

  private text(): string {
    const quote = this.source[this.at] ?? '';
    let text = '';
    for (this.at += 1; this.at < this.source.length; this.at += 1) {
      const character = this.source[this.at] ?? '';
      if (character === quote) {
        this.at += 1;
        return text;
      }
      if (character === '\\') this.at += 1;
      text += this.source[this.at] ?? '';
    }
    throw this.refused('a text is not closed');
  }

  private filtered(): Step {
    this.spaces();
    if (!this.takes('(')) throw this.refused('a ( was expected after ?');
    const filter = this.either();
    this.spaces();
    if (!this.takes(')')) throw this.refused('a ) was expected');
    return { kind: 'filter', filter };
  }

  private either(): Filter {
    let left = this.both();
    for (this.spaces(); this.takes('||'); this.spaces()) left = { kind: 'or', left, right: this.both() };
    return left;
  }

  private both(): Filter {
    let left = this.condition();
    for (this.spaces(); this.takes('&&'); this.spaces()) left = { kind: 'and', left, right: this.condition() };
    return left;
  }

  private condition(): Filter {
    this.depth += 1;
    if (this.depth > DEPTH_MAX) throw this.refused(`filters are nested more than ${DEPTH_MAX} deep`);
    this.spaces();
    const condition = this.nested();
    this.depth -= 1;
    return condition;
  }

  private nested(): Filter {
    if (this.source[this.at] === '!' && this.source[this.at + 1] !== '=') {
      this.at += 1;
      return { kind: 'not', filter: this.condition() };
    }
    if (this.takes('(')) {
      const filter = this.either();
      this.spaces();
      if (!this.takes(')')) throw this.refused('a ) was expected');
      return filter;
    }
    const left = this.operand();
    this.spaces();
    const operator = this.match(OPERATOR)?.[0].toLowerCase();
    if (operator === undefined) {
      if (left.kind === 'path') return { kind: 'exists', path: left.path };
      throw this.refused('a comparison was expected');
    }
    this.spaces();
    return operator === '=~'
      ? { kind: 'matches', left, pattern: this.pattern() }
      : { kind: 'compare', operator, left, right: this.operand() };
  }

  private pattern(): JavaPattern {
    const [whole, body = '', flags = ''] = this.match(REGEX) ?? [];
    if (whole === undefined) throw this.refused('a /pattern/ was expected after =~');
    if (/[^imsdu]/.test(flags)) throw this.refused(`the flags '${flags}' of a pattern are not known`);
    return javaPattern((flags === '' ? '' : `(?${flags})`) + body.replaceAll('\\/', '/'));
  }

  private operand(): Operand {
    if (this.takes('@')) return { kind: 'path', path: this.path(true) };
    if (this.takes('$')) return { kind: 'path', path: this.path(false) };
    return { kind: 'literal', json: this.literal() };
  }

  private literal(): Json {
    const character = this.source[this.at];
    if (character === "'" || character === '"') return this.text();
    if (this.takes('[')) {
      this.spaces();
      if (this.takes(']')) return [];
      const items = this.list(() => this.literal());
      if (!this.takes(']')) throw this.refused('a ] was expected');
      return items;
    }
    const number = this.match(NUMBER)?.[0];
    if (number !== undefined) return Number(number);
    if (this.takes('true')) return true;
    if (this.takes('false')) return false;
    if (this.takes('null')) return null;
    throw this.refused('a path, a text, a number, true, false, null or a list was expected');
  }

  private spaces(): void {
    while (/\s/.test(this.source[this.at] ?? '')) this.at += 1;
  }

  private takes(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source) ?? undefined;
    if (match !== undefined) this.at = pattern.lastIndex;
    return match;
  }

  private refused(reason: string): DefinitionError {
    return new DefinitionError(`the JSONPath '${this.source}' cannot be read: ${reason}`);
  }
}

const isDefiniteStep = (step: Step, index: number, steps: readonly Step[]): boolean =>
  step.kind === 'name' || step.kind === 'index' || (step.kind === 'names' && index === steps.length - 1);
