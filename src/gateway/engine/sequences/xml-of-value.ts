import { DOMImplementation, DOMParser } from '@xmldom/xmldom';
import { checkMarkup } from './check-markup.js';
import { DefinitionError, type Value, XmlValue } from './message.js';

const DEPTH_MAX = 200;
const ELEMENT_NODE = 1;

/** The XML that a property or variable holds, as the root of a document of its own; undefined for anything else. */
export const xmlOfValue = (value: Value | null): Element | undefined => {
  if (typeof value === 'string') return xmlOfText(value);
  const [node, second] = value instanceof XmlValue ? value.nodes : [];
  if (node === undefined || second !== undefined || node.nodeType !== ELEMENT_NODE) return undefined;
  const document = new DOMImplementation().createDocument(null, '', null);
  document.appendChild(document.importNode(node, true));
  return document.documentElement;
};

const xmlOfText = (text: string): Element | undefined => {
  const markup = text.trim();
  if (!markup.startsWith('<')) return undefined;
  try {
    checkMarkup(markup, DEPTH_MAX);
  } catch (error) {
    if (error instanceof DefinitionError) return undefined;
    throw error;
  }
  return new DOMParser({ errorHandler: () => undefined }).parseFromString(markup, 'text/xml').documentElement;
};
