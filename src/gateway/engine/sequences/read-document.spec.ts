import { XMLSerializer } from '@xmldom/xmldom';
import { DefinitionError } from './message.js';
import { type PolicyElement, readDocument, SYNAPSE_NAMESPACE } from './read-document.js';

const read = (text: string, allowsProlog = false) => readDocument(text, { allowsProlog });

/** A tree as one line: names with a mark for another namespace than Synapse's. */
const shape = ({ name, namespace, children }: PolicyElement): string =>
  `${namespace === SYNAPSE_NAMESPACE ? '' : `{${namespace}}`}${name}${children.length > 0 ? `(${children.map(shape).join(' ')})` : ''}`;

const refusal = (text: string): DefinitionError => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof DefinitionError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

describe('a definition', () => {
  it.each([
    ['<log/>', 'log'],
    ['<log/><drop/>', 'log drop'],
    ['\uFEFF \n<log/>', 'log'],
    ['text <!-- a --><log/> more <?pi x?>', 'log'],
    ['', ''],
    ['<sequence name="a"><log/></sequence><drop/>', 'sequence(log) drop'],
    ['<log xmlns="http://ws.apache.org/ns/synapse"/>', 'log'],
    ['<s:log xmlns:s="http://ws.apache.org/ns/synapse"/>', 'log'],
    ['<format><a/></format>', 'format(a)'],
    ['<format><a xmlns=""><b/></a></format>', 'format({}a({}b))'],
    ['<format><p:a xmlns:p="urn:p" xmlns="urn:d"><b/></p:a></format>', 'format({urn:p}a({urn:d}b))'],
    ['<format><p:a xmlns:p="urn:p"><b/></p:a></format>', 'format({urn:p}a(b))'],
    ['<a xml:lang="en"/>', 'a'],
  ])('%s is read as %s', (text, expected) => {
    expect(read(text).map(shape).join(' ')).toBe(expected);
  });

  it('keeps attributes, text and the namespaces in scope', () => {
    const [element] = read('<filter xmlns:m="urn:m" m:x="1" xpath="//m:a &lt; 2">a<b/>&amp;<![CDATA[<c>]]></filter>');

    expect([...(element?.attributes ?? [])]).toEqual([
      ['m:x', '1'],
      ['xpath', '//m:a < 2'],
    ]);
    expect(element?.text).toBe('a&<c>');
    expect(element?.children[0]?.namespaces.get('m')).toBe('urn:m');
  });

  it('writes elements without a namespace with that of Synapse', () => {
    const nodes = read('<format><a/></format>').flatMap(({ children }) => children.map(({ node }) => node));

    expect(nodes.map((node) => new XMLSerializer().serializeToString(node))).toEqual(['<a xmlns="http://ws.apache.org/ns/synapse"/>']);
  });

  it.each([
    ['\n\n<log/>', false, 3],
    ['<?xml version="1.0"\n encoding="UTF-8"?>\n<log/>', true, 3],
    ['\uFEFF\n<?xml version="1.0"?><log/>', true, 2],
  ])('counts the lines of %j', (text, allowsProlog, line) => {
    expect(read(text, allowsProlog)[0]?.line).toBe(line);
  });

  it('treats names of prototypes as any other name', () => {
    const [element] = read('<constructor __proto__="a" toString="b"/>');

    expect(element?.name).toBe('constructor');
    expect(element?.attributes.get('__proto__')).toBe('a');
    expect(element?.attributes.get('hasOwnProperty')).toBeUndefined();
  });

  it.each([
    ['<?xml version="1.0"?><log/>', 'XML declaration', 1],
    ['<log/>\n<?xml version="1.0"?>', 'XML declaration', 2],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'document type', 1],
    ['<a>\n<!ENTITY b "c"></a>', 'document type', 2],
    ['<a>\n&b;</a>', '&amp;', 2],
    ['<a b="x & y"/>', '&amp;', 1],
    ['<a>\n<b></a>', 'is expected', 2],
    ['<a>', 'is not closed', 1],
    ['</root><root>', 'nothing is open', 1],
    ['<a b=1/>', 'malformed', 1],
    ['<a b="<"/>', 'malformed', 1],
    ['<a b="1" b="2"/>', 'given twice', 1],
    ['<a c="1"b="2"/>', 'malformed', 1],
    ['a < b', '&lt;', 1],
    ['<!-- a', 'not closed', 1],
    ['<a>]]></a>', ']]&gt;', 1],
    ['<a>\u0001</a>', 'character', 1],
    ['\n<p:a/>', "prefix 'p'", 2],
    ['<a p:b="1"/>', "prefix 'p'", 1],
    ['<a>'.repeat(101) + '</a>'.repeat(101), '100 deep', 1],
    [`<a>${'x'.repeat(1024 * 1024)}</a>`, '1 MiB', null],
  ])('refuses %.60s', (text, reason, line) => {
    const error = refusal(text);

    expect(error.message).toContain(reason);
    expect(error.line).toBe(line);
  });

  it('refuses nesting without end at once', () => {
    expect(refusal('<a>'.repeat(300_000)).message).toContain('100 deep');
  });
});
