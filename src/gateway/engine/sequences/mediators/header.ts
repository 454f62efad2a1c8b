import type { Compiler, MediatorCompiler } from '../compiler.js';
import type { FlowMessage, Step } from '../flow-message.js';
import type { Addressing, Value } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { converted } from '../value-types.js';
import { textOf } from '../values.js';
import { childElements, headerOfEnvelope } from '../xml-text.js';

const ADDRESSES: readonly string[] = ['To', 'From', 'Action', 'FaultTo', 'ReplyTo', 'RelatesTo'];
const isAddress = (name: string): name is Addressing => ADDRESSES.includes(name);

/** Sets or removes an HTTP header, an address of the message or a block of its SOAP header (`reference/mediation.md` §3.2). */
export const header: MediatorCompiler = (element, compiler) => {
  const scope = compiler.oneOf(element, 'scope', ['default', 'transport'], 'default');
  const isRemoved = compiler.oneOf(element, 'action', ['set', 'remove'], 'set') === 'remove';
  const name = element.attributes.get('name');
  if (name === undefined) return blocks(element, isRemoved, compiler);
  const value = isRemoved ? () => null : valueSource(element, compiler);
  if (scope === 'transport') return transportHeader(name, isRemoved, value);
  return isAddress(name) ? addressing(name, value) : soapBlock(element, name, isRemoved, value, compiler);
};

type Source = (message: FlowMessage) => Value | null;

const valueSource = (element: PolicyElement, compiler: Compiler): Source => {
  const literal = element.attributes.get('value');
  if (literal !== undefined) return () => literal;
  if (!element.attributes.has('expression')) return compiler.refuse(element, 'it needs a value or an expression');
  const expression = compiler.expression(element, 'expression');
  return (message) => expression.text(message);
};

const transportHeader =
  (name: string, isRemoved: boolean, value: Source): Step =>
  (message) => {
    if (isRemoved) message.remove('transport', name);
    else message.set('transport', name, value(message) ?? '');
    return 'continue';
  };

const addressing =
  (part: Addressing, value: Source): Step =>
  (message) => {
    const address = value(message);
    message.setAddress(part, address === null ? null : textOf(address));
    return 'continue';
  };

const soapBlock = (element: PolicyElement, name: string, isRemoved: boolean, value: Source, compiler: Compiler): Step => {
  const [prefix = '', local] = name.split(':');
  const namespace = element.namespaces.get(prefix);
  if (local === undefined || local === '' || namespace === undefined)
    return compiler.refuse(
      element,
      `'${name}' is none of ${ADDRESSES.join(', ')} and no name with a declared prefix; for an HTTP header use scope="transport"`,
    );
  compiler.usesPayload = true;
  const isMarkup = element.attributes.get('type')?.toUpperCase() === 'OM';
  return (message) => {
    const envelope = message.payload.envelope();
    const headers = headerOfEnvelope(envelope);
    for (const block of childElements(headers))
      if (block.localName === local && block.namespaceURI === namespace) headers.removeChild(block);
    if (!isRemoved) {
      const block = envelope.createElementNS(namespace, name);
      const text = textOf(value(message));
      const markup = isMarkup ? converted(text, 'OM') : null;
      if (markup !== null && typeof markup === 'object' && 'nodes' in markup)
        for (const node of markup.nodes) block.appendChild(envelope.importNode(node, true));
      else block.appendChild(envelope.createTextNode(text));
      headers.appendChild(block);
    }
    message.payload.setXml(envelope.documentElement);
    return 'continue';
  };
};

/** Without a name: the children are blocks of the SOAP header. */
const blocks = (element: PolicyElement, isRemoved: boolean, compiler: Compiler): Step => {
  if (isRemoved || element.children.length === 0) return compiler.refuse(element, 'it needs a name, or elements for the SOAP header');
  compiler.usesPayload = true;
  const nodes = element.children.map(({ node }) => node);
  return (message) => {
    const envelope = message.payload.envelope();
    const headers = headerOfEnvelope(envelope);
    for (const node of nodes) headers.appendChild(envelope.importNode(node, true));
    message.payload.setXml(envelope.documentElement);
    return 'continue';
  };
};
