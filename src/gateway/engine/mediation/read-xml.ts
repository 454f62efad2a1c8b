/** One element of an XML text. Names as written, with their prefixes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: XmlElement[];
  text: string;
}

/** How large the parts of an XML text may be. */
export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  readonly attributes: number;
  readonly attributeLength: number;
  readonly children: number;
}

const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*/uy;
const ATTRIBUTE = /\s+([\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/uy;
const TAG_END = /\s*(\/?)>/y;
const REFERENCE = /&([^;&\s]{0,10});?/g;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };
const DECLARATION = /^\s*<\?xml\s[^?]*\?>/;
const ENCODING = /\sencoding\s*=\s*["']([^"']*)/;

/**
 * Reads an XML text whole, in one pass. A document type is refused, and with it every entity but the five of XML: nothing can be expanded or fetched.
 * Throws an `Error` that says what is wrong, or which limit is exceeded.
 */
export const readXml = (text: string, limits: XmlLimits): XmlElement => new XmlReader(text, limits).document();

class XmlReader {
  private at = 0;
  private elements = 0;
  private readonly open: XmlElement[] = [];
  private root: XmlElement | undefined;

  constructor(
    private readonly source: string,
    private readonly limits: XmlLimits,
  ) {}

  document(): XmlElement {
    const { source } = this;
    const declaration = DECLARATION.exec(source)?.[0] ?? '';
    const encoding = ENCODING.exec(declaration)?.[1]?.toLowerCase() ?? 'utf-8';
    if (encoding !== 'utf-8' && encoding !== 'us-ascii') throw new Error('The encoding is not UTF-8');
    this.at = declaration.length;
    while (this.at < source.length) {
      const next = source.indexOf('<', this.at);
      this.characters(source.slice(this.at, next < 0 ? source.length : next), true);
      if (next < 0) break;
      this.at = next;
      this.markup();
    }
    if (this.root === undefined || this.open.length > 0) throw new Error('The document is not complete');
    return this.root;
  }

  private markup(): void {
    const { source, at } = this;
    if (source.startsWith('<!--', at)) this.skip('<!--', '-->');
    else if (source.startsWith('<![CDATA[', at)) this.characters(this.skip('<![CDATA[', ']]>'), false);
    else if (source.startsWith('<!', at)) throw new Error('A document type is not allowed');
    else if (source.startsWith('<?', at)) this.skip('<?', '?>');
    else if (source.startsWith('</', at)) this.endTag();
    else this.startTag();
  }

  /** Passes what lies between two marks, and gives it. */
  private skip(from: string, to: string): string {
    const end = this.source.indexOf(to, this.at + from.length);
    if (end < 0) throw new Error('The document is not complete');
    const inside = this.source.slice(this.at + from.length, end);
    this.at = end + to.length;
    return inside;
  }

  private characters(text: string, hasReferences: boolean): void {
    const element = this.open.at(-1);
    if (element !== undefined) element.text += hasReferences ? resolved(text) : text;
    else if (text.trim() !== '') throw new Error('There is text outside of the document element');
  }

  private startTag(): void {
    this.at += 1;
    const name = this.name();
    const attributes = this.attributes();
    const isEmpty = this.match(TAG_END)?.[1] === '/';
    const element: XmlElement = { name, attributes, children: [], text: '' };
    const { open } = this;
    const parent = open.at(-1);
    if (parent !== undefined) parent.children.push(element);
    else if (this.root === undefined) this.root = element;
    else throw new Error('There is more than one document element');
    this.elements += 1;
    if (this.elements > this.limits.elements) throw reached('Element Count', this.limits.elements);
    if (parent !== undefined && parent.children.length > this.limits.children) throw reached('Children Per Element', this.limits.children);
    if (open.length + 1 > this.limits.depth) throw reached('Depth', this.limits.depth);
    if (!isEmpty) open.push(element);
  }

  private endTag(): void {
    this.at += 2;
    const name = this.name();
    const [, slash] = this.match(TAG_END) ?? [];
    if (slash !== '' || this.open.pop()?.name !== name) throw new Error('The tags do not match');
  }

  private attributes(): readonly (readonly [name: string, value: string])[] {
    const found = new Map<string, string>();
    for (;;) {
      ATTRIBUTE.lastIndex = this.at;
      const match = ATTRIBUTE.exec(this.source);
      if (match === null) return [...found];
      this.at = ATTRIBUTE.lastIndex;
      const [, name = '', double, single] = match;
      if (found.has(name)) throw new Error('An attribute is given twice');
      const value = resolved(double ?? single ?? '');
      if (value.length > this.limits.attributeLength) throw reached('Attribute Length', this.limits.attributeLength);
      found.set(name, value);
      if (found.size > this.limits.attributes) throw reached('Attribute Count', this.limits.attributes);
    }
  }

  private name(): string {
    return this.match(NAME)?.[0] ?? '';
  }

  private match(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) throw new Error('A tag is malformed');
    this.at = pattern.lastIndex;
    return match;
  }
}

const reached = (what: string, limit: number): Error => new Error(`Max ${what} [${limit}] Reached`);

const resolved = (text: string): string =>
  text.includes('&')
    ? text.replace(REFERENCE, (reference, name: string) => {
        const known = ENTITIES[name] ?? characterOf(name);
        if (known === undefined || !reference.endsWith(';')) throw new Error('An entity is not allowed');
        return known;
      })
    : text;

const characterOf = (name: string): string | undefined => {
  const digits = /^#(?:x([0-9a-fA-F]+)|([0-9]+))$/.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isAllowed = code === 9 || code === 10 || code === 13 || (code >= 32 && code < 0xd800) || (code > 0xdfff && code <= 0x10ffff);
  return isAllowed ? String.fromCodePoint(code) : undefined;
};
