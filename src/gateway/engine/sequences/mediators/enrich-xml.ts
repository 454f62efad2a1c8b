import type { Compiler } from '../compiler.js';
import type { FlowMessage, Step } from '../flow-message.js';
import { MediationError, type Value, XmlValue } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { textOf } from '../values.js';
import { asXml, parseXml, payloadElement } from '../xml-text.js';
import type { Enrichment, Side } from './enrich.js';

/** What is put somewhere: nodes to copy, or a text. */
type Source = readonly Node[] | string;
type Reader = (message: FlowMessage) => Source;
type Writer = (message: FlowMessage, source: Source) => void;

/** `enrich` over XML. */
export const xmlEnrichment = (enrichment: Enrichment, compiler: Compiler): Step => {
  const { source, action, moves } = enrichment;
  if (action === 'remove') return removal(enrichment, compiler);
  const read = reader(source, compiler);
  const write = writer(enrichment, compiler);
  return (message) => {
    const found = read(message);
    write(message, found);
    if (moves && source.type === 'property') message.remove('default', source.at);
    if (moves && source.type === 'custom' && typeof found !== 'string') {
      for (const node of found) node.parentNode?.removeChild(node);
      touched(message);
    }
    return 'continue';
  };
};

/** The envelope's tree was changed. */
const touched = ({ payload }: FlowMessage): void => payload.setXml(payload.envelope().documentElement);

const reader = (source: Side, compiler: Compiler): Reader => {
  switch (source.type) {
    case 'custom': {
      const expression = compiler.expressionOf(source.element, source.at);
      return (message) => {
        const value = expression.value(message);
        if (value === null) throw new MediationError('0', `enrich: '${source.at}' names nothing in the message`);
        return sourceOf(value);
      };
    }
    case 'body':
      return ({ payload }) => {
        const element = payloadElement(payload.envelope());
        return element === undefined ? '' : [element];
      };
    case 'envelope':
      return ({ payload }) => [payload.envelope().documentElement];
    case 'property':
      return (message) => sourceOf(message.get('default', source.at));
    default:
      return inline(source.element, compiler);
  }
};

const sourceOf = (value: Value | null): Source => {
  if (value instanceof XmlValue) return value.nodes;
  const text = textOf(value);
  const xml = asXml(text);
  return xml === null ? text : [xml.documentElement];
};

const inline = (element: PolicyElement, compiler: Compiler): Reader => {
  if (element.children.length > 0) {
    const nodes = element.children.map(({ node }) => node);
    return () => nodes;
  }
  const text = compiler.inline(element);
  return (message) => sourceOf(text(message));
};

const writer = ({ target, action }: Enrichment, compiler: Compiler): Writer => {
  switch (target.type) {
    case 'property':
      return (message, source) => message.set('default', target.at, typeof source === 'string' ? source : new XmlValue(copies(source)));
    case 'envelope':
      return ({ payload }, source) => payload.setXml(firstElement(source));
    case 'body':
      return bodyWriter(action);
    default: {
      const expression = compiler.expressionOf(target.element, target.at);
      return (message, source) => {
        const value = expression.value(message);
        if (!(value instanceof XmlValue)) throw new MediationError('0', `enrich: '${target.at}' names nothing in the message`);
        for (const node of value.nodes) place(node, source, action);
        touched(message);
      };
    }
  }
};

const bodyWriter =
  (action: Enrichment['action']): Writer =>
  (message, source) => {
    const { payload } = message;
    if (action === 'replace') {
      payload.setXml(firstElement(source));
      return;
    }
    const element = payloadElement(payload.envelope());
    if (element === undefined) payload.setXml(firstElement(source));
    else {
      place(element, source, action);
      touched(message);
    }
  };

const copies = (nodes: readonly Node[]): readonly Node[] => nodes.map((node) => node.cloneNode(true));

const firstElement = (source: Source): Element => {
  const node = typeof source === 'string' ? undefined : source.find(({ nodeType }) => nodeType === 1);
  if (node === undefined) throw new MediationError('0', 'enrich: the source is no element');
  const document = parseXml('<copy/>');
  // What has the type 1 is an element.
  return document.importNode(node, true) as Element;
};

const ELEMENT = 1;
const ATTRIBUTE = 2;

/** Puts the source where a node is, into it, or behind it. Attributes and texts take the source's text. */
const place = (node: Node, source: Source, action: Enrichment['action']): void => {
  const { ownerDocument } = node;
  if (node.nodeType === ATTRIBUTE) {
    // What has the type 2 is an attribute; its markup is made of its value alone.
    (node as Attr).value = plainText(source);
    return;
  }
  if (ownerDocument === null) throw new MediationError('0', 'enrich: the target is no part of a message');
  const added: Node[] =
    typeof source === 'string'
      ? [ownerDocument.createTextNode(source)]
      : source.map((other) => ownerDocument.importNode(withoutAttribute(other), true));
  if (action === 'child' && node.nodeType === ELEMENT) {
    for (const each of added) node.appendChild(each);
    return;
  }
  const parent = node.parentNode;
  if (parent === null) throw new MediationError('0', 'enrich: the target cannot be replaced');
  if (action === 'replace' && typeof source === 'string' && node.nodeType === ELEMENT) {
    while (node.firstChild) node.removeChild(node.firstChild);
    node.appendChild(ownerDocument.createTextNode(source));
    return;
  }
  for (const each of added) parent.insertBefore(each, action === 'replace' ? node : node.nextSibling);
  if (action === 'replace') parent.removeChild(node);
};

/** An attribute is put somewhere else as its text. */
const withoutAttribute = (node: Node): Node =>
  node.nodeType === ATTRIBUTE && node.ownerDocument !== null ? node.ownerDocument.createTextNode(node.nodeValue ?? '') : node;

const plainText = (source: Source): string => (typeof source === 'string' ? source : source.map((node) => node.textContent ?? '').join(''));

const removal = ({ source, target }: Enrichment, compiler: Compiler): Step => {
  if (target.type !== 'body') return compiler.refuse(target.element, 'XML is removed from the body only');
  const expression = compiler.expressionOf(source.element, source.at);
  return (message) => {
    const value = expression.value(message);
    if (!(value instanceof XmlValue) || value.nodes.length === 0)
      throw new MediationError('0', `enrich: '${source.at}' names nothing in the message`);
    for (const node of value.nodes) {
      if (node.nodeType === ATTRIBUTE && 'ownerElement' in node) (node as Attr).ownerElement?.removeAttributeNode(node as Attr);
      else node.parentNode?.removeChild(node);
    }
    touched(message);
    return 'continue';
  };
};
