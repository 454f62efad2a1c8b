import { DOMParser } from '@xmldom/xmldom';
import { checkMarkup } from './check-markup.js';
import { DefinitionError } from './message.js';

export const SYNAPSE_NAMESPACE = 'http://ws.apache.org/ns/synapse';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';
const DEPTH_MAX = 100;
const TEXT_MAX = 1024 * 1024;
const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const CDATA_NODE = 4;

/** One element of a policy's definition, as mediators are compiled from it. */
export interface PolicyElement {
  /** The local name. */
  readonly name: string;
  /** Empty for an element that was taken out of every namespace by `xmlns=""`. */
  readonly namespace: string;
  /** By the name as it is written, prefix included; namespace declarations are not attributes. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly PolicyElement[];
  /** The element's own text, CDATA included, without that of its children. */
  readonly text: string;
  /** From 1, in the text as it was given. */
  readonly line: number;
  /** The prefixes that mean something here, the default namespace by the empty one. */
  readonly namespaces: ReadonlyMap<string, string>;
  /** For XML that a mediator takes over as it is: copy it before it is put anywhere. */
  readonly node: Element;
}

export interface DocumentForm {
  /** Sequence backends may begin with an XML declaration, policies may not. */
  readonly allowsProlog: boolean;
}

/**
 * The top elements of a definition, whatever carries it (`reference/mediation.md` §1.1): a policy after its template was rendered, a sequence backend.
 *
 * | in the text | here |
 * |---|---|
 * | byte order mark, white space before the first element | skipped |
 * | XML declaration | skipped where `allowsProlog`, else refused |
 * | document type, entities other than XML's five | refused |
 * | text, comments, processing instructions beside the top elements | skipped |
 * | elements without a namespace | in Synapse's, at any depth; not under `xmlns=""` or another default namespace |
 * | anything not well-formed, a prefix that is not declared, elements more than 100 deep, more than 1 MiB | refused |
 *
 * @throws DefinitionError with the line.
 */
export const readDocument = (text: string, { allowsProlog }: DocumentForm): readonly PolicyElement[] => {
  if (Buffer.byteLength(text) > TEXT_MAX) throw new DefinitionError('it is larger than 1 MiB');
  const body = withoutProlog(text.replace(/^\uFEFF/, ''), allowsProlog);
  checkMarkup(body, DEPTH_MAX);
  const root = parse(`<root xmlns="${SYNAPSE_NAMESPACE}">${body}</root>`);
  const scope = new Map([['', SYNAPSE_NAMESPACE]]);
  return elementsOf(root).map((element) => policyElement(element, scope));
};

/** The same number of lines, without the declaration. */
const withoutProlog = (text: string, allowsProlog: boolean): string => {
  const declaration = /^\s*<\?xml\s[^?]*\?>/i.exec(text)?.[0];
  if (declaration === undefined) return text;
  if (!allowsProlog) throw new DefinitionError('a policy must not begin with an XML declaration (<?xml …?>)', null, 1);
  return declaration.replace(/[^\n]/g, '') + text.slice(declaration.length);
};

const parse = (text: string): Element => {
  // What the library would repair with a warning is refused.
  const refuse = (message: string): never => {
    const line = /@#\[line:(\d+)/.exec(message)?.[1];
    const reason = message.replace(/^\[xmldom \w+\]\s*/, '').replace(/\s*@#\[line:[\s\S]*$/, '');
    throw new DefinitionError(`it is not well-formed XML: ${reason}`, null, line === undefined ? null : Number(line));
  };
  const document = new DOMParser({ locator: {}, errorHandler: { warning: refuse, error: refuse, fatalError: refuse } }).parseFromString(
    text,
    'text/xml',
  );
  return document.documentElement;
};

const elementsOf = (parent: Element): Element[] =>
  Array.from(parent.childNodes).filter((node: Node): node is Element => node.nodeType === ELEMENT_NODE);

const policyElement = (node: Element, outer: ReadonlyMap<string, string>): PolicyElement => {
  const line = lineOf(node);
  const namespaces = scopeOf(node, outer);
  const attributes = new Map<string, string>();
  for (const { name, value, namespaceURI } of Array.from(node.attributes)) {
    if (namespaceURI === XMLNS_NAMESPACE) continue;
    checkPrefix(name, namespaces, node, line);
    attributes.set(name, value);
  }
  checkPrefix(node.nodeName, namespaces, node, line);
  return {
    name: node.localName,
    namespace: node.namespaceURI ?? '',
    attributes,
    children: elementsOf(node).map((child) => policyElement(child, namespaces)),
    text: textOf(node),
    line,
    namespaces,
    node,
  };
};

const scopeOf = (node: Element, outer: ReadonlyMap<string, string>): ReadonlyMap<string, string> => {
  const declared = Array.from(node.attributes).filter(({ namespaceURI }) => namespaceURI === XMLNS_NAMESPACE);
  if (declared.length === 0) return outer;
  return new Map([
    ...outer,
    ...declared.map(({ name, value }): [string, string] => [name === 'xmlns' ? '' : name.slice('xmlns:'.length), value]),
  ]);
};

const checkPrefix = (name: string, namespaces: ReadonlyMap<string, string>, element: Element, line: number): void => {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  if (colon < 0 || prefix === 'xml' || (namespaces.get(prefix) ?? '') !== '') return;
  throw new DefinitionError(`the namespace prefix '${prefix}' is not declared`, element.localName, line);
};

const textOf = (node: Element): string =>
  Array.from(node.childNodes)
    .filter(({ nodeType }) => nodeType === TEXT_NODE || nodeType === CDATA_NODE)
    .map(({ nodeValue }) => nodeValue ?? '')
    .join('');

/** The parser notes where each node begins; the DOM's types do not know of it. */
const lineOf = (node: Node): number => {
  const line: unknown = Reflect.get(node, 'lineNumber');
  return typeof line === 'number' ? line : 1;
};
