import type { Compiler, MediatorCompiler } from '../compiler.js';
import type { Message } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { escapedXml, parseXml, SOAP11, SOAP12, xmlText } from '../xml-text.js';

type Text = (message: Message) => string;

const VERSIONS = ['soap11', 'soap12', 'pox'] as const;
const CODES: Readonly<Record<string, string>> = {
  VersionMismatch: 'VersionMismatch',
  MustUnderstand: 'MustUnderstand',
  DataEncodingUnknown: 'DataEncodingUnknown',
  Client: 'Sender',
  Server: 'Receiver',
  Sender: 'Sender',
  Receiver: 'Receiver',
};

/** Makes a SOAP fault of the message (`reference/mediation.md` §3.9). */
export const makeFault: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'code', 'reason', 'node', 'role', 'detail');
  const version = compiler.oneOf(element, 'version', VERSIONS, 'soap11');
  const child = (name: string) => element.children.find((other) => other.name === name);
  const [code, reason] = [child('code'), child('reason')];
  if (version !== 'pox' && (code === undefined || reason === undefined)) compiler.refuse(element, 'it needs a code and a reason');
  const codeText = code === undefined ? () => 'Server' : codeOf(code, compiler);
  const reasonText = reason === undefined ? () => '' : partOf(reason, compiler);
  const optional = (name: string): Text | null => {
    const part = child(name);
    return part === undefined ? null : partOf(part, compiler);
  };
  const [node, role, detail] = [optional('node'), optional('role'), detailOf(child('detail'), compiler)];
  const isResponse = element.attributes.get('response');
  compiler.usesPayload = true;
  const write = { soap11, soap12, pox }[version];
  return (message) => {
    const parts = {
      code: codeText(message),
      reason: escapedXml(reasonText(message)),
      node: node?.(message),
      role: role?.(message),
      detail: detail?.(message),
    };
    message.payload.setXml(parseXml(write(parts)).documentElement);
    message.set('axis2', 'messageType', { soap11: 'text/xml', soap12: 'application/soap+xml', pox: 'application/xml' }[version]);
    message.remove('axis2', 'NO_ENTITY_BODY');
    if (!message.names('axis2').includes('HTTP_SC')) message.set('axis2', 'HTTP_SC', 500);
    if (isResponse === 'true') {
      message.set('default', 'RESPONSE', 'true');
      message.isResponse = true;
    }
    return 'continue';
  };
};

interface Parts {
  readonly code: string;
  readonly reason: string;
  readonly node: string | undefined;
  readonly role: string | undefined;
  /** As markup. */
  readonly detail: string | undefined;
}

const tag = (name: string, content: string | undefined): string => (content === undefined ? '' : `<${name}>${content}</${name}>`);
const text = (content: string | undefined): string | undefined => content && escapedXml(content);

const soap11 = ({ code, reason, role, node, detail }: Parts): string =>
  `<soapenv:Envelope xmlns:soapenv="${SOAP11}"><soapenv:Body><soapenv:Fault><faultcode>soapenv:${code}</faultcode><faultstring>${reason}</faultstring>${tag('faultactor', text(role ?? node))}${tag('detail', detail)}</soapenv:Fault></soapenv:Body></soapenv:Envelope>`;

const soap12 = ({ code, reason, node, role, detail }: Parts): string =>
  `<soapenv:Envelope xmlns:soapenv="${SOAP12}"><soapenv:Body><soapenv:Fault><soapenv:Code><soapenv:Value>soapenv:${CODES[code] ?? code}</soapenv:Value></soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">${reason}</soapenv:Text></soapenv:Reason>${tag('soapenv:Node', text(node))}${tag('soapenv:Role', text(role))}${tag('soapenv:Detail', detail)}</soapenv:Fault></soapenv:Body></soapenv:Envelope>`;

const pox = ({ reason, detail }: Parts): string => `<Exception><message>${reason}</message>${tag('detail', detail)}</Exception>`;

const partOf = (element: PolicyElement, compiler: Compiler): Text => {
  const value = element.attributes.get('value');
  if (value !== undefined) return () => value;
  if (element.attributes.has('expression')) {
    const expression = compiler.expression(element, 'expression');
    return (message) => expression.text(message);
  }
  const content = element.text.trim();
  return () => content;
};

/** The local part of `prefix:Name`. */
const codeOf = (element: PolicyElement, compiler: Compiler): Text => {
  const value = element.attributes.get('value');
  if (value !== undefined) {
    const [prefix = '', name] = value.split(':');
    const namespace = element.namespaces.get(prefix);
    if (name === undefined || (namespace !== SOAP11 && namespace !== SOAP12))
      return compiler.refuse(element, `'${value}' is no fault code: it needs a prefix of the SOAP namespace`);
    return () => name;
  }
  const given = partOf(element, compiler);
  return (message) =>
    given(message)
      .split(':')
      .at(-1)
      ?.replace(/[^\w.-]/g, '') || 'Server';
};

const detailOf = (element: PolicyElement | undefined, compiler: Compiler): Text | null => {
  if (element === undefined) return null;
  if (element.children.length > 0) {
    const markup = element.children.map(({ node }) => xmlText(node)).join('');
    return () => markup;
  }
  const content = partOf(element, compiler);
  return (message) => escapedXml(content(message));
};
