import { DOMParser, XMLSerializer } from '@xmldom/xmldom';
import { readXml } from '../mediation/read-xml.js';
import { XML_LIMITS } from '../mediation/xml-to-json.js';

export const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
export const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';

const serializer = new XMLSerializer();

/** Characters of a text that is made a tree of, and its elements: building one takes the thread some 2 µs an element, in which it serves nobody else. */
export const TREE_LENGTH_MAX = 4_194_304;
const TREE_LIMITS = { ...XML_LIMITS, elements: 100_000 };

const NAMESPACE = /^xmlns(?::|$)/;
/** Namespaces that may be in scope where another is declared, on average over all elements; and so many in all besides. */
const NAMESPACES_PER_ELEMENT_MAX = 32;
const NAMESPACES_EXTRA_MAX = 10_000;

/**
 * Refuses what the parser would take forever for: it copies all namespaces in scope for every element that declares one. Throws an `Error` that says what
 * is wrong with the text, also where it is no XML.
 */
export const checkXml = (text: string, limits = TREE_LIMITS): void => {
  let elements = 0;
  let copied = 0;
  const waiting = [{ element: readXml(text, limits), inScope: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const declared = next.element.attributes.filter(([name]) => NAMESPACE.test(name)).length;
    const inScope = next.inScope + declared;
    elements += 1;
    if (declared > 0) copied += inScope;
    for (const element of next.element.children) waiting.push({ element, inScope });
  }
  if (copied > elements * NAMESPACES_PER_ELEMENT_MAX + NAMESPACES_EXTRA_MAX)
    throw new Error('There are too many namespaces in one another');
};

/** Reads an XML text; a document type is refused, and one that is too large. Throws an `Error` that says what is wrong. */
export const parseXml = (text: string): Document => {
  if (text.length > TREE_LENGTH_MAX) throw new Error(`Texts of more than ${TREE_LENGTH_MAX} characters are not read as XML`);
  // The strict reader decides what is XML; the other one only builds the tree.
  checkXml(text);
  return treeOf(text);
};

const treeOf = (text: string): Document => {
  const fail = (message: string): never => {
    throw new Error(message.split('\n', 1)[0] ?? '');
  };
  const errorHandler = { warning: () => undefined, error: fail, fatalError: fail };
  return new DOMParser({ errorHandler }).parseFromString(text.trim(), 'text/xml');
};

/** Whether a text may be read as XML at all: most texts are told apart without trying. */
export const asXml = (text: string): Document | null => {
  if (!/^\s*<[^!]/.test(text)) return null;
  try {
    return parseXml(text);
  } catch {
    return null;
  }
};

/** A declaration of no namespace where there is none to leave; policies write them to keep out of their own. */
const NEEDLESS = /(<[^\s<>/]+(?:\s[^<>]*?)?) xmlns=""/g;

export const xmlText = (node: Node): string => {
  const text = serializer.serializeToString(node);
  return text.includes(' xmlns=""') && !/ xmlns="[^"]/.test(text) ? text.replace(NEEDLESS, '$1') : text;
};

const isElement = (node: Node): node is Element => node.nodeType === 1;

export const childElements = (parent: Node): Element[] => Array.from(parent.childNodes).filter(isElement);

const isSoapNamespace = (namespace: string | null): boolean => namespace === SOAP11 || namespace === SOAP12;

export const isEnvelope = (element: Element): boolean => element.localName === 'Envelope' && isSoapNamespace(element.namespaceURI);

/** A part of a SOAP envelope, if it has it. */
export const partOf = (document: Document, part: 'Header' | 'Body'): Element | undefined =>
  childElements(document.documentElement).find(({ localName, namespaceURI }) => localName === part && isSoapNamespace(namespaceURI));

/** The first element of an envelope's body. */
export const payloadElement = (document: Document): Element | undefined => {
  const body = partOf(document, 'Body');
  return body && childElements(body)[0];
};

/** A copy that belongs to nobody yet. Writing and reading takes a tenth of what `importNode` takes. */
export const copyOf = (element: Element): Element => treeOf(xmlText(element)).documentElement;

/** An envelope around a copy of a payload, or one that holds none. */
export const envelopeOf = (payload: Element | null, namespace = SOAP11): Document =>
  envelopeAround(payload === null ? null : copyOf(payload), namespace);

/** An envelope that takes a payload over, which belongs to nobody else. */
export const envelopeAround = (payload: Element | null, namespace = SOAP11): Document => {
  const document = treeOf(`<soapenv:Envelope xmlns:soapenv="${namespace}"><soapenv:Body/></soapenv:Envelope>`);
  if (payload !== null) partOf(document, 'Body')?.appendChild(payload);
  return document;
};

/** The header of an envelope, made when there is none. */
export const headerOfEnvelope = (document: Document): Element => {
  const known = partOf(document, 'Header');
  if (known !== undefined) return known;
  const root = document.documentElement;
  const header = document.createElementNS(root.namespaceURI, root.prefix ? `${root.prefix}:Header` : 'Header');
  root.insertBefore(header, root.firstChild);
  return header;
};

/** Takes all children away. */
export const emptied = (element: Element): Element => {
  while (element.firstChild) element.removeChild(element.firstChild);
  return element;
};

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

/** A piece of markup as the text it stands for. */
export const unescapedXml = (markup: string): string =>
  markup.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => ENTITIES[name] ?? whole);

export const escapedXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
