import { isSecretName } from '../../mediation/mediation-log.js';
import type { Compiler, MediatorCompiler } from '../compiler.js';
import { compileText } from '../expression.js';
import type { FlowMessage } from '../flow-message.js';
import { textOf } from '../values.js';

const LEVELS = ['simple', 'headers', 'full', 'custom'] as const;
const CATEGORIES = ['INFO', 'TRACE', 'DEBUG', 'WARN', 'ERROR', 'FATAL'] as const;
const LOGGED = { INFO: 'info', TRACE: 'debug', DEBUG: 'debug', WARN: 'warn', ERROR: 'error', FATAL: 'error' } as const;
const MASK = '*****';
const PAYLOAD_LENGTH_MAX = 4_096;

type Part = (message: FlowMessage) => string;

/** Writes a line to the gateway's log (`reference/mediation.md` §3.3). Credentials in it are masked, and long payloads cut. */
export const log: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'property', 'message');
  const text = element.children.find(({ name }) => name === 'message');
  const level = compiler.oneOf(element, 'level', LEVELS, text === undefined ? 'simple' : 'custom');
  const category = compiler.oneOf(element, 'category', CATEGORIES, 'INFO');
  const separator = (element.attributes.get('separator') ?? ', ').replaceAll('\\n', '\n').replaceAll('\\t', '\t');
  const isFull = level === 'full' || element.attributes.get('logFullPayload') === 'true';
  if (isFull || level === 'simple' || level === 'headers') compiler.usesPayload = true;
  const parts: Part[] = [];
  if (text !== undefined) {
    const compiled = compiler.placed(text, () => compileText(text.text.trim(), text.namespaces));
    if (compiled.usesPayload) compiler.usesPayload = true;
    parts.push((message) => compiled.text(message));
  }
  if (level === 'simple' || level === 'full') parts.push(addresses);
  if (level === 'headers') parts.push((message) => headers(message, separator));
  parts.push(...properties(element, compiler));
  if (isFull) parts.push(payload);
  return (message) => {
    message.log(LOGGED[category], parts.map((part) => part(message)).join(separator));
    return 'continue';
  };
};

const properties = (element: Parameters<MediatorCompiler>[0], compiler: Compiler): readonly Part[] =>
  element.children
    .filter(({ name }) => name === 'property')
    .map((child): Part => {
      const name = compiler.attribute(child, 'name');
      const literal = child.attributes.get('value');
      if (literal !== undefined) return () => `${name} = ${isSecretName(name.toLowerCase()) ? MASK : literal}`;
      const source = compiler.attribute(child, 'expression');
      const expression = compiler.expressionOf(child, source);
      if (isSecretName(name.toLowerCase()) || namesSecretHeader(source)) return () => `${name} = ${MASK}`;
      return (message) => `${name} = ${expression.text(message)}`;
    });

/** Whether an expression reads a header that carries a credential. */
const namesSecretHeader = (source: string): boolean => {
  const named = /(?:\$trp:|transport['"]\s*,\s*['"]|headers(?:\.|\[\s*['"]))([\w.-]+)/i.exec(source)?.[1];
  return named !== undefined && isSecretName(named.toLowerCase());
};

const addresses: Part = (message) => {
  const soapAction = message.get('transport', 'SOAPAction');
  const shown: readonly (readonly [string, string | null])[] = [
    ['To', message.address('To')?.split('?', 1)[0] ?? null],
    ['From', message.address('From')],
    ['WSAction', message.address('Action')],
    ['SOAPAction', soapAction === null ? null : textOf(soapAction)],
    ['ReplyTo', message.address('ReplyTo')],
    ['MessageID', message.address('MessageID')],
    ['Direction', message.isResponse ? 'response' : 'request'],
  ];
  return shown
    .filter(([name, value]) => value !== null || name === 'To' || name === 'MessageID')
    .map(([name, value]) => `${name}: ${value ?? ''}`)
    .join(', ');
};

const headers = (message: FlowMessage, separator: string): string =>
  message
    .names('transport')
    .map((name) => `${name} : ${isSecretName(name.toLowerCase()) ? MASK : textOf(message.get('transport', name))}`)
    .join(separator);

const payload: Part = ({ payload: held }) => {
  const text = held.text();
  const shown = text.length > PAYLOAD_LENGTH_MAX ? `${text.slice(0, PAYLOAD_LENGTH_MAX)}…` : text;
  return `${held.form === 'json' ? 'Payload' : 'Envelope'}: ${shown}`;
};
