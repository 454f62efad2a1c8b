import { DefinitionError } from './message.js';

const REFERENCE = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});/y;
const NAME = /[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*/uy;
const ATTRIBUTE = /\s+[\p{L}_:][\p{L}\p{N}\p{M}_:.\-·]*\s*=\s*("[^"<]*"|'[^'<]*')/uy;
const TAG_END = /\s*(\/?)>/y;
/** What XML 1.0 allows nowhere: control characters and half surrogate pairs. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/**
 * Refuses what the XML parser would take although it is not well-formed, and what it must not be given: document types, entities of one's own, tags that do
 * not match, nesting without end. In one pass.
 *
 * @throws DefinitionError with the line.
 */
export const checkMarkup = (text: string, depthMax: number): void => {
  new MarkupCheck(text, depthMax).run();
};

class MarkupCheck {
  private at = 0;
  private readonly open: { readonly name: string; readonly at: number }[] = [];

  constructor(
    private readonly text: string,
    private readonly depthMax: number,
  ) {}

  run(): void {
    const { text } = this;
    const forbidden = FORBIDDEN.exec(text);
    if (forbidden !== null) throw this.refused('it holds a character that XML does not allow', forbidden.index);
    while (this.at < text.length) {
      const next = text.indexOf('<', this.at);
      const end = next < 0 ? text.length : next;
      this.characters(this.at, end, true);
      this.at = end;
      if (next >= 0) this.markup();
    }
    const left = this.open.at(-1);
    if (left !== undefined) throw this.refused(`it is not well-formed XML: <${left.name}> is not closed`, left.at);
  }

  private markup(): void {
    const { text, at } = this;
    if (text.startsWith('<!--', at)) this.skip('<!--', '-->');
    else if (text.startsWith('<![CDATA[', at)) this.skip('<![CDATA[', ']]>');
    else if (text.startsWith('<!', at)) throw this.refused('a document type or entity declaration is not allowed', at);
    else if (/^<\?xml\s/i.test(text.slice(at, at + 6))) throw this.refused('an XML declaration is not allowed here', at);
    else if (text.startsWith('<?', at)) this.skip('<?', '?>');
    else if (text.startsWith('</', at)) this.endTag();
    else this.startTag();
  }

  private skip(from: string, to: string): void {
    const end = this.text.indexOf(to, this.at + from.length);
    if (end < 0) throw this.refused(`it is not well-formed XML: ${from} is not closed`, this.at);
    this.at = end + to.length;
  }

  private startTag(): void {
    const start = this.at;
    this.at += 1;
    const name = this.match(NAME)?.[0];
    if (name === undefined) throw this.refused("it is not well-formed XML: a '<' must be written &lt;", start);
    const names = new Set<string>();
    for (let from = this.at; ; from = this.at) {
      const attribute = this.match(ATTRIBUTE);
      if (attribute === undefined) break;
      const [whole, value = ''] = attribute;
      const attributeName = whole.slice(0, whole.indexOf('=')).trim();
      if (names.has(attributeName)) throw this.refused(`it is not well-formed XML: the attribute ${attributeName} is given twice`, from);
      names.add(attributeName);
      this.characters(this.at - value.length, this.at, false);
    }
    const end = this.match(TAG_END);
    if (end === undefined) throw this.refused(`it is not well-formed XML: the tag <${name}> is malformed`, start);
    if (end[1] === '/') return;
    this.open.push({ name, at: start });
    if (this.open.length > this.depthMax) throw this.refused(`elements are nested more than ${this.depthMax} deep`, start);
  }

  private endTag(): void {
    const start = this.at;
    this.at += 2;
    const name = this.match(NAME)?.[0] ?? '';
    const open = this.open.pop();
    if (this.match(TAG_END)?.[1] !== '' || open?.name !== name) {
      throw this.refused(
        `it is not well-formed XML: </${name}> stands where ${open === undefined ? 'nothing is open' : `</${open.name}> is expected`}`,
        start,
      );
    }
  }

  private characters(from: number, to: number, isText: boolean): void {
    const { text } = this;
    const part = text.slice(from, to);
    for (let at = part.indexOf('&'); at >= 0; at = part.indexOf('&', at + 1)) {
      REFERENCE.lastIndex = at;
      if (!REFERENCE.test(part))
        throw this.refused("it is not well-formed XML: an '&' must be written &amp;, and entities of one's own are not allowed", from + at);
    }
    const end = isText ? part.indexOf(']]>') : -1;
    if (end >= 0) throw this.refused("it is not well-formed XML: ']]>' must be written ]]&gt;", from + end);
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text) ?? undefined;
    if (match !== undefined) this.at = pattern.lastIndex;
    return match;
  }

  private refused(reason: string, at: number): DefinitionError {
    let line = 1;
    for (let end = this.text.indexOf('\n'); end >= 0 && end < at; end = this.text.indexOf('\n', end + 1)) line += 1;
    return new DefinitionError(reason, null, line);
  }
}
