import { CONVERTED_LENGTH_MAX, tooLong } from './json-to-xml.js';
import { readXml, type XmlElement, type XmlLimits } from './read-xml.js';

/** What recursion over the elements bears; their number is bounded by the size of a body. */
export const XML_LIMITS: XmlLimits = {
  depth: 500,
  elements: Number.POSITIVE_INFINITY,
  attributes: Number.POSITIVE_INFINITY,
  attributeLength: Number.POSITIVE_INFINITY,
  children: Number.POSITIVE_INFINITY,
};
const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;

/** XML as JSON (`reference/mediation.md` §2.2); of a SOAP message the first child of its body. Throws an `Error` for a text that is no XML. */
export const xmlToJson = (text: string): string => {
  if (text.length > CONVERTED_LENGTH_MAX) throw tooLong();
  const root = payloadOf(readXml(text, XML_LIMITS));
  const name = localName(root.name);
  if (name === 'jsonObject') return root.children.length > 0 ? members(root) : '{}';
  if (name === 'jsonArray') return arrayOf(root);
  return `{${JSON.stringify(keyOf(name))}:${jsonOf(root)}}`;
};

const payloadOf = (root: XmlElement): XmlElement => {
  const body = localName(root.name) === 'Envelope' ? root.children.find(({ name }) => localName(name) === 'Body') : undefined;
  return body?.children[0] ?? root;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const keyOf = (name: string): string =>
  name
    .replace(/^_JsonReader__$/, '')
    .replace(/^_JsonReader_PD_/, '')
    .replace(/^_JsonReader_PS_/, '$')
    .replace(/_JsonReader_(\d{1,7})_/g, (whole, code: string) => (Number(code) <= 0x10ffff ? String.fromCodePoint(Number(code)) : whole));

const arrayOf = ({ children }: XmlElement): string => `[${children.map(jsonOf).join(',')}]`;

const jsonOf = (element: XmlElement): string => {
  const [only, second] = element.children;
  if (only !== undefined && second === undefined && localName(only.name) === 'jsonArray') return arrayOf(only);
  const attributes = attributesOf(element);
  if (element.children.length > 0 || attributes.length > 0) return members(element);
  return element.text === '' ? 'null' : scalar(element.text);
};

const scalar = (text: string): string => (LITERAL.test(text.trim()) ? text.trim() : JSON.stringify(text));

const attributesOf = ({ attributes }: XmlElement) => attributes.filter(([name]) => name !== 'xmlns' && !name.startsWith('xmlns:'));

const members = (element: XmlElement): string => {
  const values = new Map<string, string[]>();
  for (const [name, value] of attributesOf(element)) values.set(`@${keyOf(localName(name))}`, [scalar(value)]);
  for (const child of element.children) {
    const key = keyOf(localName(child.name));
    const list = values.get(key) ?? [];
    list.push(jsonOf(child));
    values.set(key, list);
  }
  const text = element.text.trim();
  if (text !== '') values.set('$', [scalar(text)]);
  return `{${[...values].map(([key, list]) => `${JSON.stringify(key)}:${list.length > 1 ? `[${list.join(',')}]` : list[0]}`).join(',')}}`;
};
