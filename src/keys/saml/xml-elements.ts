import { DOMParser } from '@xmldom/xmldom';

const ELEMENT_NODE = 1;

/** Parses XML; what the library would repair with a warning is refused. @throws Error */
export const parseXml = (text: string): Document => {
  const refuse = (message: string): never => {
    throw new Error(message);
  };
  return new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } }).parseFromString(text, 'text/xml');
};

/** The children of this name, in document order. */
export const childrenOf = (parent: Element, namespace: string, name: string): readonly Element[] =>
  Array.from(parent.childNodes).filter(
    (node: Node): node is Element =>
      node.nodeType === ELEMENT_NODE && (node as Element).localName === name && (node as Element).namespaceURI === namespace,
  );
