import { DefinitionError } from './message.js';

type State = 'text' | 'tag' | 'single' | 'double' | 'cdata' | 'comment' | 'instruction';

const TAIL = 200;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});)/g;
const REFERENCES = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g;
const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
/** Attributes that hold an expression, so that quotes within them delimit its texts. */
const EXPRESSIONS: ReadonlySet<string> = new Set(['expression', 'xpath', 'source', 'collection', 'correlateOn', 'action']);

/**
 * Follows XML while it is written, and writes values so that they stay where they are put (`reference/mediation.md` §1.4).
 *
 * | a value in | is written |
 * |---|---|
 * | text, an attribute | with `<`, `>`, `"`, `'` and every `&` that begins no reference escaped; line ends of attributes kept |
 * | CDATA | as it is; `]]>` is refused |
 * | a quoted text of an expression or a script | as above; the quote that delimits it is refused, also written as a reference or by a `\` at the end |
 * | a tag, outside of its attributes | when it is a name, else refused |
 * | a comment, a processing instruction | not at all |
 */
export class XmlWriter {
  private out = '';
  private state: State = 'text';
  private attribute = '';
  /** The first characters of the attribute that is open. */
  private head = '';
  /** The last characters written, for looking back without touching the long text. */
  private tail = '';
  private element = '';
  /** The quote of the expression's or script's text that is open. */
  private quote = '';
  /** A comment of the script: its end mark. */
  private scriptComment = '';

  constructor(private readonly lengthMax: number) {}

  toString(): string {
    return this.out;
  }

  /** The author's own text. */
  literal(text: string): void {
    let at = 0;
    while (at < text.length) at = this.step(text, at);
  }

  /** A value that was given. @throws DefinitionError with the line when it cannot stay where it is put. */
  value(value: string, line: number): void {
    const refused = (reason: string) => new DefinitionError(`a value cannot be put into the policy: ${reason}`, null, line);
    if (FORBIDDEN.test(value)) throw refused('it holds a character that XML does not allow');
    if (this.state === 'comment' || this.state === 'instruction') return;
    if (this.state === 'tag' && !/^[\w.:-]*$/.test(value)) throw refused('outside of attributes only a name can stand in a tag');
    if (this.quote !== '') this.checkQuoted(this.state === 'cdata' ? value : dereferenced(value), refused);
    if (this.state === 'cdata') {
      if ((this.tail.slice(-2) + value).includes(']]>')) throw refused("']]>' would end the CDATA section");
      this.add(value);
    } else {
      this.add(this.state === 'tag' ? value : escaped(value, this.state !== 'text'));
    }
  }

  private checkQuoted(value: string, refused: (reason: string) => DefinitionError): void {
    if (value.includes(this.quote)) throw refused(`the quote ${this.quote} would end the text that it is in`);
    if (!this.isScript()) return;
    if (/(?:^|[^\\])(?:\\\\)*\\$/.test(value)) throw refused('a \\ at its end would join the quote that follows');
    if (this.quote === '`' ? value.includes('${') : /[\n\r\u2028\u2029]/.test(value)) throw refused('a script cannot hold it in quotes');
  }

  private add(text: string): void {
    this.out += text;
    this.tail = text.length >= TAIL ? text.slice(-TAIL) : (this.tail + text).slice(-TAIL);
    if (this.head.length < 2) this.head += text.slice(0, 2);
    if (this.out.length > this.lengthMax) throw new DefinitionError('the policy with its values is larger than 1 MiB');
  }

  private isScript(): boolean {
    return this.element === 'script' && (this.state === 'text' || this.state === 'cdata');
  }

  /** Writes what can be understood at once, and gives where the next begins. */
  private step(text: string, at: number): number {
    switch (this.state) {
      case 'text':
        return this.inText(text, at);
      case 'tag':
        return this.inTag(text, at);
      case 'cdata':
        return this.inCdata(text, at);
      case 'comment':
        return this.upTo(text, at, '-->');
      case 'instruction':
        return this.upTo(text, at, '?>');
      default:
        return this.inAttribute(text, at);
    }
  }

  private inText(text: string, at: number): number {
    if (text.startsWith('<!--', at)) return this.enter('comment', '<!--', at);
    if (text.startsWith('<![CDATA[', at)) return this.enter('cdata', '<![CDATA[', at);
    if (text.startsWith('<?', at)) return this.enter('instruction', '<?', at);
    if (text[at] === '<') {
      const name = /^<\/?(?:[\w.-]+:)?([\w.-]*)/.exec(text.slice(at, at + 200))?.[1] ?? '';
      this.element = text[at + 1] === '/' ? '' : name;
      this.quote = '';
      this.scriptComment = '';
      return this.enter('tag', '<', at);
    }
    if (this.isScript()) return this.content(text, at, true);
    const next = text.indexOf('<', at);
    const end = next < 0 ? text.length : next;
    this.add(text.slice(at, end));
    return end;
  }

  private inTag(text: string, at: number): number {
    const character = text[at] ?? '';
    if (character === '>') {
      this.state = 'text';
      if (this.tail.endsWith('/')) this.element = '';
    } else if (character === '"' || character === "'") {
      this.state = character === '"' ? 'double' : 'single';
      this.attribute = /([\w.:-]+)\s*=\s*$/.exec(this.tail)?.[1] ?? '';
      this.quote = '';
    }
    this.add(character);
    this.head = '';
    return at + 1;
  }

  private inAttribute(text: string, at: number): number {
    if (text[at] === (this.state === 'double' ? '"' : "'")) {
      this.state = 'tag';
      this.quote = '';
      this.add(text[at] ?? '');
      return at + 1;
    }
    return this.content(text, at, true);
  }

  private inCdata(text: string, at: number): number {
    // A value's own `]` must not end the section together with the author's text.
    if (text[at] === '>' && this.tail.endsWith(']]')) {
      this.state = 'text';
      this.add('>');
      return at + 1;
    }
    return this.content(text, at, false);
  }

  /** One character or reference of text, followed for the quotes of an expression or a script. */
  private content(text: string, at: number, hasReferences: boolean): number {
    const reference = hasReferences && text[at] === '&' ? /^&[#\w]{1,10};/.exec(text.slice(at, at + 12))?.[0] : undefined;
    const whole = reference ?? text[at] ?? '';
    const character = reference === undefined ? whole : dereferenced(reference);
    if (this.isScript()) this.followScript(character);
    else if (this.isExpression()) this.followQuote(character, `'"`);
    this.add(whole);
    return at + whole.length;
  }

  private isExpression(): boolean {
    if (this.state !== 'double' && this.state !== 'single') return false;
    return EXPRESSIONS.has(this.attribute) || this.head.startsWith('{') || this.head.startsWith('${');
  }

  private followQuote(character: string, quotes: string): void {
    if (this.quote === '') this.quote = quotes.includes(character) ? character : '';
    else if (character === this.quote) this.quote = '';
  }

  private followScript(character: string): void {
    const before = this.tail.at(-1) ?? '';
    if (this.scriptComment !== '') {
      if ((before + character).endsWith(this.scriptComment)) this.scriptComment = '';
    } else if (this.quote === '') {
      if (before === '/' && (character === '/' || character === '*')) this.scriptComment = character === '/' ? '\n' : '*/';
      else this.followQuote(character, `'"\``);
    } else if (character === '\n' && this.quote !== '`') {
      this.quote = '';
    } else if (!/(?:^|[^\\])(?:\\\\)*\\$/.test(this.tail)) {
      this.followQuote(character, '');
    }
  }

  private enter(state: State, mark: string, at: number): number {
    this.state = state;
    this.add(mark);
    return at + mark.length;
  }

  private upTo(text: string, at: number, mark: string): number {
    const end = text.indexOf(mark, at);
    const to = end < 0 ? text.length : end + mark.length;
    this.add(text.slice(at, to));
    if (end >= 0) this.state = 'text';
    return to;
  }
}

const dereferenced = (text: string): string =>
  text.replace(REFERENCES, (whole, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });

const escaped = (value: string, isAttribute: boolean): string => {
  const text = value
    .replace(ENTITY, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');
  return isAttribute ? text.replaceAll("'", '&apos;').replaceAll('\n', '&#10;').replaceAll('\t', '&#9;') : text;
};
