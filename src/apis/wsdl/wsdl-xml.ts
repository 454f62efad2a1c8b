import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { checkXml } from '../../gateway/engine/sequences/xml-text.js';

/** What reading bears in time and in recursion; far beyond any WSDL that people have. */
const LIMITS = { depth: 100, elements: 400_000, attributes: 200, attributeLength: 65_536, children: Number.POSITIVE_INFINITY };

const MARKS: readonly (readonly [mark: string, encoding: string])[] = [
  ['efbbbf', 'utf-8'],
  ['fffe', 'utf-16le'],
  ['feff', 'utf-16be'],
];
const DECLARATION = /^\s*<\?xml\s[^?]{0,200}\?>/;
const ENCODING = /(\sencoding\s*=\s*)(?:"([^"]*)"|'([^']*)')/;

/** The text of a document in the encoding that its mark or its declaration names; the declaration then says UTF-8. Throws an `Error` that says what is wrong. */
export const decodedXml = (bytes: Uint8Array): string => {
  const start = Buffer.from(bytes.subarray(0, 3)).toString('hex');
  const [, marked] = MARKS.find(([mark]) => start.startsWith(mark)) ?? [];
  const head = Buffer.from(bytes.subarray(0, 300)).toString('latin1');
  const [, , double, single] = ENCODING.exec(DECLARATION.exec(head)?.[0] ?? '') ?? [];
  const text = decoderOf(marked ?? double ?? single ?? 'utf-8').decode(bytes);
  return text.replace(DECLARATION, (declaration) => declaration.replace(ENCODING, '$1"UTF-8"'));
};

const decoderOf = (encoding: string): TextDecoder => {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new Error(`The encoding ${encoding} is not known`);
  }
};

/**
 * Reads a document. A document type is refused, so that no entity is ever expanded and nothing is ever fetched; so is one that is nested too deeply or has
 * too many elements. Throws an `Error` that says what is wrong.
 */
export const parsedXml = (text: string): Document => {
  // The strict reader decides what is XML; the other one only builds the tree.
  checkXml(text, LIMITS);
  const fail = (message: string): never => {
    throw new Error(message.split('\n', 1)[0] ?? '');
  };
  const errorHandler = { warning: () => undefined, error: fail, fatalError: fail };
  return new DOMParser({ errorHandler }).parseFromString(text.trim(), 'text/xml');
};

export const writtenXml = (document: Document): string => new XMLSerializer().serializeToString(document);

const isElement = (node: Node): node is Element => node.nodeType === 1;

/** A name with the namespace it is in; empty for none. */
export interface QName {
  readonly namespace: string;
  readonly name: string;
}

export const qnameOf = (element: Element): QName => ({ namespace: element.namespaceURI ?? '', name: element.localName ?? '' });

/** As a key of maps. */
export const keyOf = ({ namespace, name }: QName): string => `{${namespace}}${name}`;

/** The child elements, of one namespace and name where they are given. */
export const childrenOf = (parent: Node, namespace?: string, name?: string): readonly Element[] => {
  const found: Element[] = [];
  // Not by index, for which every step would count from the start.
  for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
    if (!isElement(node)) continue;
    if ((namespace === undefined || node.namespaceURI === namespace) && (name === undefined || node.localName === name)) found.push(node);
  }
  return found;
};

/** An attribute without a namespace; undefined where there is none. */
export const attributeOf = (element: Element, name: string): string | undefined =>
  element.hasAttribute(name) ? (element.getAttribute(name) ?? '') : undefined;

/** What a prefixed name in an attribute refers to; undefined without the attribute. */
export const referenceOf = (element: Element, attribute: string): QName | undefined => {
  const text = attributeOf(element, attribute)?.trim();
  if (!text) return undefined;
  const colon = text.indexOf(':');
  const prefix = colon < 0 ? '' : text.slice(0, colon);
  return { namespace: element.lookupNamespaceURI(prefix) ?? '', name: text.slice(colon + 1) };
};
