import { XMLSerializer } from '@xmldom/xmldom';

const ELEMENT_NODE = 1;
const ATTRIBUTE_NODE = 2;

/** Nodes as text (`reference/mediation.md` §7.1). */
export const nodesAsText = (nodes: readonly Node[]): string => {
  const [only, second] = nodes;
  if (only === undefined) return '';
  if (second !== undefined) return nodes.map(markupOf).join('');
  if (only.nodeType !== ELEMENT_NODE) return only.nodeType === ATTRIBUTE_NODE ? (only.nodeValue ?? '') : (only.textContent ?? '');
  const children = Array.from(only.childNodes);
  const hasElements = children.some(({ nodeType }) => nodeType === ELEMENT_NODE);
  const own = children
    .filter(({ nodeType }) => nodeType !== ELEMENT_NODE)
    .map(({ nodeValue }) => nodeValue ?? '')
    .join('');
  return hasElements && own.trim() === '' ? markupOf(only) : hasElements ? own : (only.textContent ?? '');
};

const markupOf = (node: Node): string =>
  node.nodeType === ATTRIBUTE_NODE ? (node.nodeValue ?? '') : new XMLSerializer().serializeToString(node);
