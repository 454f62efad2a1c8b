import { type JsonLimits, jsonExcess } from './json-threats.js';
import { readXml } from './read-xml.js';

const JSON_LIMITS: JsonLimits = { properties: 2, stringLength: 4, elements: 3, keyLength: 3, depth: 2 };
const XML_LIMITS = { depth: 3, elements: 5, attributes: 2, attributeLength: 4, children: 3 };

it.each([
  ['{"a":1,"b":[1,2,3]}', undefined],
  ['{"a":{"b":1},"c":"four"}', undefined],
  ['{}', undefined],
  ['[[],[],[]]', undefined],
  ['{"a":1,"b":2,"c":3}', 'Max Property Count [2] Reached'],
  ['{"a":1,"a":2,"a":3}', 'Max Property Count [2] Reached'],
  ['"five5"', 'Max String Length [4] Reached'],
  ['"\\u0061\\u0061\\"b"', undefined],
  ['[1,2,3,4]', 'Max Array Length [3] Reached'],
  ['{"four":1}', 'Max Key Length [3] Reached'],
  ['{"a":[{}]}', 'Max Depth [2] Reached'],
])('finds in %s: %s', (text, excess) => {
  expect(jsonExcess(text, JSON_LIMITS)).toBe(excess);
});

it('looks at deep and long JSON in linear time', () => {
  const limits = { properties: 1e9, stringLength: 1e9, elements: 1e9, keyLength: 1e9, depth: 1e9 };
  expect(jsonExcess('['.repeat(2_000_000), limits)).toBeUndefined();
  expect(jsonExcess('["'.repeat(1_000_000), limits)).toBeUndefined();
});

describe('XML', () => {
  it('is read', () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?><!-- c --><a x="1" y='&lt;'>t<b/><c>&amp;&#65;<![CDATA[<&]]></c></a>`;
    expect(readXml(text, XML_LIMITS)).toEqual({
      name: 'a',
      attributes: [
        ['x', '1'],
        ['y', '<'],
      ],
      text: 't',
      children: [
        { name: 'b', attributes: [], text: '', children: [] },
        { name: 'c', attributes: [], text: '&A<&', children: [] },
      ],
    });
  });

  it.each([
    ['<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>', 'A document type is not allowed'],
    ['<a>&e;</a>', 'An entity is not allowed'],
    ['<a>&lt</a>', 'An entity is not allowed'],
    ['<a>&#0;</a>', 'An entity is not allowed'],
    ['<a>&constructor;</a>', 'An entity is not allowed'],
    ['<a><b></a></b>', 'The tags do not match'],
    ['<a>', 'The document is not complete'],
    ['', 'The document is not complete'],
    ['<a/><b/>', 'There is more than one document element'],
    ['<a/>x', 'There is text outside of the document element'],
    ['<a x=1/>', 'A tag is malformed'],
    ['<a x="1" x="2"/>', 'An attribute is given twice'],
    ['<1a/>', 'A tag is malformed'],
    ['<?xml version="1.0" encoding="UTF-16"?><a/>', 'The encoding is not UTF-8'],
    ['<a><b><c><d/></c></b></a>', 'Max Depth [3] Reached'],
    ['<a><b/><b/><b/><b/></a>', 'Max Children Per Element [3] Reached'],
    ['<a><b><c/><c/></b><b><c/></b></a>', 'Max Element Count [5] Reached'],
    ['<a x="1" y="2" z="3"/>', 'Max Attribute Count [2] Reached'],
    ['<a x="12345"/>', 'Max Attribute Length [4] Reached'],
  ])('%s is refused: %s', (text, message) => {
    expect(() => readXml(text, XML_LIMITS)).toThrow(message);
  });

  it('that is hostile costs no more than its length', () => {
    const limits = { depth: 1e9, elements: 1e9, attributes: 1e9, attributeLength: 1e9, children: 1e9 };
    for (const text of ['<a '.repeat(500_000), `<a ${' '.repeat(1_000_000)}`, '<a>'.repeat(500_000), `<a>${'&'.repeat(1_000_000)}`]) {
      expect(() => readXml(text, limits)).toThrow();
    }
  });
});
