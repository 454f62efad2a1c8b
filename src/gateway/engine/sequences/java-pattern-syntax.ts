import { RE2JS } from 're2js';
import { DefinitionError } from './message.js';

/** Java's POSIX classes, ASCII only, by the names that the linear-time engine has for them within brackets. */
const POSIX: Readonly<Record<string, string>> = {
  Lower: 'lower',
  Upper: 'upper',
  ASCII: 'ascii',
  Alpha: 'alpha',
  Digit: 'digit',
  Alnum: 'alnum',
  Punct: 'punct',
  Graph: 'graph',
  Print: 'print',
  Blank: 'blank',
  Cntrl: 'cntrl',
  XDigit: 'xdigit',
  Space: 'space',
};
const HORIZONTAL = '\\t \\x{A0}\\x{1680}\\x{180E}\\x{2000}-\\x{200A}\\x{202F}\\x{205F}\\x{3000}';
const VERTICAL = '\\n\\x0B\\f\\r\\x{85}\\x{2028}\\x{2029}';
const LINE_ENDS = '\\n\\r\\x{85}\\x{2028}\\x{2029}';
const QUANTIFIER = /(?:[*+?]|\{\d+(?:,\d*)?\})/y;
const FLAGS = /\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/y;
const NAMED_GROUP = /\(\?<([a-zA-Z][a-zA-Z0-9]*)>/y;
const SIMPLE_ESCAPES = new Set('tnrfadDwW');
const QUANTIFIERS = new Set('*+?{');

interface Flags {
  readonly dotAll: boolean;
  readonly unixLines: boolean;
  readonly ignoreCase: boolean;
}

/** The same expression in the syntax of the linear-time engine. @throws DefinitionError for what it has no words for. */
export const translateJavaPattern = (source: string): string => new Translation(source).run();

class Translation {
  private at = 0;
  private out = '';
  /** Where the last thing that a quantifier could follow begins, and whether it always takes exactly one character. */
  private atom: { readonly text: string; readonly isCharacter: boolean } | undefined;
  private flags: Flags = { dotAll: false, unixLines: false, ignoreCase: false };
  private readonly groups: { readonly flags: Flags; readonly start: number }[] = [];

  constructor(private readonly source: string) {}

  run(): string {
    while (this.at < this.source.length) this.next();
    if (this.groups.length > 0) throw this.refused('a group is not closed');
    return this.out;
  }

  private next(): void {
    const character = this.source[this.at] ?? '';
    if (character === '(') {
      this.open();
      return;
    }
    if (character === ')') {
      this.close();
      return;
    }
    if (character === '|' || character === '^' || character === '$') {
      this.plain(character, false);
      return;
    }
    if (character === '.') {
      this.emit(this.dot(), true, 1);
      return;
    }
    if (character === '[') {
      this.emit(`[${this.classBody()}]`, true, 0);
      return;
    }
    if (character === '\\') {
      this.escape();
      return;
    }
    if (QUANTIFIERS.has(character)) {
      this.quantifier();
      return;
    }
    this.emit(character === '}' || character === ']' ? `\\${character}` : character, true, 1);
  }

  private plain(text: string, isAtom: boolean): void {
    this.at += 1;
    this.out += text;
    if (!isAtom) this.atom = undefined;
  }

  private emit(text: string, isCharacter: boolean, length: number): void {
    this.at += length;
    this.out += text;
    this.atom = { text, isCharacter };
  }

  private dot(): string {
    if (this.flags.dotAll) return '(?s:.)';
    return this.flags.unixLines ? '[^\\n]' : `[^${LINE_ENDS}]`;
  }

  private open(): void {
    const { source, at, flags } = this;
    if (source[at + 1] !== '?') {
      this.group('(', 1);
      return;
    }
    if (source.startsWith('(?:', at)) {
      this.group('(?:', 3);
      return;
    }
    NAMED_GROUP.lastIndex = at;
    const named = NAMED_GROUP.exec(source);
    if (named !== null) {
      this.group(`(?P<${named[1]}>`, named[0].length);
      return;
    }
    if (/^\(\?(?:[=!]|<[=!])/.test(source.slice(at, at + 4)))
      throw this.refused('look-ahead and look-behind cannot be matched in linear time');
    if (source.startsWith('(?>', at)) throw this.refused('atomic groups cannot be matched in linear time');
    FLAGS.lastIndex = at;
    const match = FLAGS.exec(source);
    if (match === null) throw this.refused('a group begins with something unknown');
    const [whole, on = '', off = '', end] = match;
    const unknown = /[^imsud]/.exec(on + off)?.[0];
    if (unknown !== undefined) throw this.refused(`the flag '${unknown}' is not supported`);
    const changed: Flags = {
      dotAll: switched('s', on, off, flags.dotAll),
      unixLines: switched('d', on, off, flags.unixLines),
      ignoreCase: switched('i', on, off, flags.ignoreCase),
    };
    const kept = (letters: string) => letters.replace(/[^im]/g, '');
    const words = kept(on) + (kept(off) === '' ? '' : `-${kept(off)}`);
    if (end === ':') {
      this.group(words === '' ? '(?:' : `(?${words}:`, whole.length);
    } else {
      this.at += whole.length;
      this.out += words === '' ? '' : `(?${words})`;
      this.atom = undefined;
    }
    this.flags = changed;
  }

  private group(text: string, length: number): void {
    this.groups.push({ flags: this.flags, start: this.out.length });
    this.at += length;
    this.out += text;
    this.atom = undefined;
  }

  private close(): void {
    const group = this.groups.pop();
    if (group === undefined) throw this.refused('there is a ) without its (');
    this.flags = group.flags;
    this.at += 1;
    this.out += ')';
    this.atom = { text: this.out.slice(group.start), isCharacter: false };
  }

  private quantifier(): void {
    const { source } = this;
    const atom = this.atom;
    QUANTIFIER.lastIndex = this.at;
    const match = QUANTIFIER.exec(source);
    if (match === null) throw this.refused('a { must be escaped or be a quantifier');
    if (atom === undefined) throw this.refused(`there is nothing before '${match[0]}' to repeat`);
    this.at += match[0].length;
    this.out += match[0];
    this.atom = undefined;
    if (source[this.at] === '?') {
      this.plain('?', false);
      return;
    }
    if (source[this.at] !== '+') return;
    this.at += 1;
    if (!this.mayGiveUpBacktracking(atom)) {
      throw this.refused(`the possessive quantifier '${match[0]}+' cannot be translated; write it without its last +`);
    }
  }

  /** A possessive quantifier means the same as the greedy one when what follows can never take a character of what is repeated. */
  private mayGiveUpBacktracking(atom: { readonly text: string; readonly isCharacter: boolean }): boolean {
    const { source, at } = this;
    if (!atom.isCharacter) return false;
    if (at === source.length) return this.groups.length === 0;
    const next = /^(?:\\([^A-Za-z0-9])|([^\\^$.|?*+()[\]{}]))(?![?*{])/u.exec(source.slice(at));
    const literal = next?.[1] ?? next?.[2];
    return literal !== undefined && !this.flags.ignoreCase && !RE2JS.compile(atom.text).testExact(literal);
  }

  private escape(): void {
    const { source } = this;
    if (source.startsWith('\\Q', this.at)) {
      this.quoted();
      return;
    }
    const letter = source[this.at + 1] ?? '';
    if (letter === 'Z') {
      this.plainEscape('\\z');
      return;
    }
    if (letter === 'H') {
      this.emit(`[^${HORIZONTAL}]`, true, 2);
      return;
    }
    if (letter === 'V') {
      this.emit(`[^${VERTICAL}]`, true, 2);
      return;
    }
    if (letter === 'R') {
      this.emit(`(?:\\r\\n|[${VERTICAL}])`, false, 2);
      return;
    }
    if (/[1-9kGXN]/.test(letter)) throw this.refused(`'\\${letter}' cannot be matched in linear time`);
    if (letter === 'b' || letter === 'B' || letter === 'A' || letter === 'z') {
      this.plainEscape(`\\${letter}`);
      return;
    }
    const translated = this.classEscape();
    const isSet = translated.startsWith('[:') || translated === HORIZONTAL || translated === VERTICAL;
    this.emit(isSet ? `[${translated}]` : translated, true, 0);
  }

  private plainEscape(text: string): void {
    this.at += 2;
    this.out += text;
    this.atom = undefined;
  }

  private quoted(): void {
    const end = this.source.indexOf('\\E', this.at);
    const text = this.source.slice(this.at + 2, end < 0 ? undefined : end);
    for (const character of text) this.emit(RE2JS.quote(character), true, 0);
    this.at = end < 0 ? this.source.length : end + 2;
  }

  /** What an escape means as a part of a class: without brackets of its own. */
  private classEscape(): string {
    const { source, at } = this;
    const letter = source[at + 1];
    if (letter === undefined) throw this.refused('it ends with a \\');
    this.at += 2;
    if (letter === 's') return '[:space:]';
    if (letter === 'S') return '[:^space:]';
    if (letter === 'h') return HORIZONTAL;
    if (letter === 'v') return VERTICAL;
    if (letter === 'e') return '\\x1B';
    if (letter === 'p' || letter === 'P') return this.property(letter === 'P');
    if (letter === 'u' || letter === 'x' || letter === '0' || letter === 'c') return this.codePoint(letter);
    if (SIMPLE_ESCAPES.has(letter)) return `\\${letter}`;
    if (/[A-Za-z0-9]/.test(letter)) throw this.refused(`'\\${letter}' is not known`);
    return letter > '\x7f' ? letter : `\\${letter}`;
  }

  private codePoint(letter: string): string {
    const forms: Readonly<Record<string, RegExp>> = {
      u: /([0-9a-fA-F]{4})/y,
      x: /([0-9a-fA-F]{2})|\{([0-9a-fA-F]{1,6})\}/y,
      0: /([0-3]?[0-7]{1,2})/y,
      c: /([@-_])/y,
    };
    const form = forms[letter] ?? /$/y;
    form.lastIndex = this.at;
    const match = form.exec(this.source);
    const text = match?.[1] ?? match?.[2];
    if (match === null || text === undefined) throw this.refused(`'\\${letter}' is not followed by a character's number`);
    this.at += match[0].length;
    const code = letter === 'c' ? text.charCodeAt(0) ^ 64 : Number.parseInt(text, letter === '0' ? 8 : 16);
    return `\\x{${code.toString(16).toUpperCase()}}`;
  }

  private property(isNegated: boolean): string {
    const form = /\{(\^?)([A-Za-z_=]+)\}|([A-Z])/y;
    form.lastIndex = this.at;
    const match = form.exec(this.source);
    if (match === null || match[1] === '^') throw this.refused('\\p is not followed by the name of a class');
    this.at += match[0].length;
    const name = match[2] ?? match[3] ?? '';
    const posix = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
    if (posix !== undefined) return `[:${isNegated ? '^' : ''}${posix}:]`;
    if (/^In[A-Z]|^java|=/.test(name)) throw this.refused(`the class '\\p{${name}}' is not supported`);
    const unicode = `\\${isNegated ? 'P' : 'p'}{${name.replace(/^Is/, '')}}`;
    try {
      RE2JS.compile(unicode);
    } catch {
      throw this.refused(`the class '\\p{${name}}' is not supported`);
    }
    return unicode;
  }

  /** The inside of a class, unions of classes flattened; stands behind its closing bracket afterwards. */
  private classBody(isNested = false): string {
    const { source } = this;
    this.at += 1;
    let body = '';
    if (source[this.at] === '^') {
      if (isNested) throw this.refused('a negated class within a class is not supported');
      body = '^';
      this.at += 1;
    }
    const isNegated = body !== '';
    for (let isFirst = true; ; isFirst = false) {
      const character = source[this.at];
      if (character === undefined) throw this.refused('a class is not closed');
      if (character === ']' && !isFirst) break;
      if (source.startsWith('&&', this.at)) throw this.refused('intersections of classes (&&) are not supported');
      if (character === '[') {
        if (isNegated) throw this.refused('a class within a negated class is not supported');
        body += this.classBody(true);
      } else if (source.startsWith('\\Q', this.at)) {
        throw this.refused('\\Q within a class is not supported');
      } else if (character === '\\') {
        body += this.classEscape();
      } else {
        body += character === ']' ? '\\]' : character;
        this.at += 1;
      }
    }
    this.at += 1;
    return body;
  }

  private refused(reason: string): DefinitionError {
    return new DefinitionError(`the regular expression '${this.source}' cannot be used: ${reason}`);
  }
}

const switched = (letter: string, on: string, off: string, before: boolean): boolean =>
  on.includes(letter) ? true : off.includes(letter) ? false : before;
