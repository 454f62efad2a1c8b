import type { EndpointDocument, GroupDocument, SuspensionDocument } from '../../../domain/gateway-documents.js';
import type { Compiler } from './compiler.js';
import type { Expression, Message } from './message.js';
import type { PolicyElement } from './read-document.js';
import { textOf } from './values.js';

/** Where a sequence sends a message (`reference/mediation.md` §4). */
export interface SequenceTarget {
  /** The method that the request is made with; null leaves the message's. */
  readonly method: string | null;
  /** The format that the message is sent in; null leaves its own. */
  readonly messageType: string | null;
  /** Whether `REST_URL_POSTFIX` follows the address. */
  readonly appendsRest: boolean;
  /** The address for this message; null where the message itself says it. */
  documentFor(message: Message): EndpointDocument | null;
}

/** Where the message says: its `To`. */
export const TO_TARGET: SequenceTarget = { method: null, messageType: null, appendsRest: true, documentFor: () => null };

const FORMATS: Readonly<Record<string, Pick<SequenceTarget, 'method' | 'messageType' | 'appendsRest'>>> = {
  soap11: { method: null, messageType: 'text/xml', appendsRest: false },
  soap12: { method: null, messageType: 'application/soap+xml', appendsRest: false },
  pox: { method: null, messageType: 'application/xml', appendsRest: true },
  get: { method: 'GET', messageType: null, appendsRest: true },
  rest: { method: null, messageType: null, appendsRest: true },
};
const PLAIN = { method: null, messageType: null, appendsRest: true };
const SETTINGS: readonly string[] = ['timeout', 'suspendOnFailure', 'markForSuspension', 'retryConfig'];
const FORMS: readonly string[] = ['http', 'address', 'default', 'failover', 'loadbalance'];
const USUAL_SESSION_MS = 600_000;

/** Makes an `endpoint` element ready. @throws DefinitionError for a form that the gateway does not have. */
export const compileEndpoint = (element: PolicyElement, compiler: Compiler): SequenceTarget => {
  for (const name of ['key', 'key-expression', 'template'])
    if (element.attributes.has(name)) compiler.refuse(element, `an endpoint by '${name}' is never supported: there is no registry`);
  const forms = element.children.filter(({ name }) => name !== 'session' && name !== 'description');
  const [form] = forms;
  if (form === undefined || forms.length > 1)
    return compiler.refuse(element, 'it needs one of http, address, default, failover, loadbalance');
  if (!FORMS.includes(form.name)) return compiler.refuse(form, `the endpoint form '${form.name}' is never supported`);
  const session = element.children.find(({ name }) => name === 'session');
  return form.name === 'failover' || form.name === 'loadbalance' ? groupOf(form, session, compiler) : singleOf(form, compiler);
};

const singleOf = (form: PolicyElement, compiler: Compiler): SequenceTarget => {
  const settings = settingsOf(form, compiler);
  if (form.name === 'default') return { ...formatOf(form, compiler), documentFor: () => null };
  const url = form.name === 'http' ? templateOf(form, compiler) : fixedAddress(form, compiler);
  const method = form.name === 'http' ? (form.attributes.get('method')?.toUpperCase() ?? null) : null;
  const format = form.name === 'http' ? { method, messageType: null, appendsRest: method === null } : formatOf(form, compiler);
  return { ...format, documentFor: (message) => ({ url: url(message), ...settings(message) }) };
};

const groupOf = (form: PolicyElement, session: PolicyElement | undefined, compiler: Compiler): SequenceTarget => {
  const own = form.children.find(({ name }) => name === 'session') ?? session;
  for (const child of form.children)
    if (child.name !== 'endpoint' && child.name !== 'session') compiler.refuse(child, `'${child.name}' is not supported in ${form.name}`);
  const members = form.children.filter(({ name }) => name === 'endpoint').map((child) => memberOf(child, compiler));
  const [first, ...others] = members;
  if (first === undefined) return compiler.refuse(form, 'it needs an endpoint');
  const rules: Omit<GroupDocument, 'others'> = {
    choice: form.name === 'failover' ? 'failover' : 'round-robin',
    failsOver: form.attributes.get('failover') !== 'false',
    sessionMs: own === undefined ? null : sessionOf(own, compiler),
  };
  return {
    method: first.method,
    messageType: first.messageType,
    appendsRest: first.appendsRest,
    documentFor: (message) => {
      const main = first.documentFor(message);
      const rest = others.flatMap((member) => member.documentFor(message) ?? []);
      return main === null || rest.length === 0 ? main : { ...main, group: { others: rest, ...rules } };
    },
  };
};

const memberOf = (element: PolicyElement, compiler: Compiler): SequenceTarget => {
  const [form] = element.children;
  if (form?.name !== 'http' && form?.name !== 'address') return compiler.refuse(element, 'the endpoints of a group are http or address');
  return singleOf(form, compiler);
};

const sessionOf = (element: PolicyElement, compiler: Compiler): number | null => {
  const type = element.attributes.get('type') ?? 'none';
  if (type === 'none') return null;
  if (type !== 'http' && type !== 'transport') return compiler.refuse(element, `the session type '${type}' is not supported; use http`);
  const timeout = element.children.find(({ name }) => name === 'sessionTimeout')?.text.trim();
  return timeout === undefined ? USUAL_SESSION_MS : numberOf(element, timeout, compiler);
};

const formatOf = (form: PolicyElement, compiler: Compiler): Pick<SequenceTarget, 'method' | 'messageType' | 'appendsRest'> => {
  const optimize = form.attributes.get('optimize');
  if (optimize !== undefined) return compiler.refuse(form, `optimize="${optimize}" is not supported yet`);
  const format = form.attributes.get('format');
  if (format === undefined) return PLAIN;
  return FORMATS[format.toLowerCase()] ?? compiler.refuse(form, `the format '${format}' is none of soap11, soap12, pox, get, rest`);
};

const checkedAddress = (form: PolicyElement, address: string, compiler: Compiler): string => {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(address)?.[1]?.toLowerCase();
  if (scheme === undefined || !address.includes('://')) {
    if (scheme !== undefined) return compiler.refuse(form, `the scheme '${scheme}' is never supported; use http or https`);
    return compiler.refuse(form, `'${address}' is not a URL`);
  }
  if (scheme !== 'http' && scheme !== 'https') return compiler.refuse(form, `the scheme '${scheme}' is never supported; use http or https`);
  return address;
};

const fixedAddress = (form: PolicyElement, compiler: Compiler): (() => string) => {
  const address = form.attributes.get('uri')?.trim() ?? compiler.refuse(form, 'uri is missing');
  checkedAddress(form, address, compiler);
  if (!URL.canParse(address)) return compiler.refuse(form, `'${address}' is not a URL`);
  return () => address;
};

const PLACEHOLDER = /\{(\+?)([^{}]*)\}/g;

/** `{uri.var.x}` encoded, `{+uri.var.x}` as it is. */
const templateOf = (form: PolicyElement, compiler: Compiler): ((message: Message) => string) => {
  const template = form.attributes.get('uri-template')?.trim() ?? compiler.refuse(form, 'uri-template is missing');
  if (!template.includes('{')) {
    checkedAddress(form, template, compiler);
    return URL.canParse(template) ? () => template : compiler.refuse(form, `'${template}' is not a URL`);
  }
  for (const [, , name = ''] of template.matchAll(PLACEHOLDER))
    if (!/^(?:uri\.var|query\.param)\../.test(name))
      compiler.refuse(form, `'{${name}}' is no variable; use {uri.var.name} or {query.param.name}`);
  if (!template.startsWith('{')) checkedAddress(form, template, compiler);
  return (message) =>
    template.replace(PLACEHOLDER, (_, raw: string, name: string) => {
      const value = textOf(message.get('default', name));
      return raw === '+' ? value : encodeURIComponent(value);
    });
};

type Settings = Omit<EndpointDocument, 'url' | 'group' | 'security'>;

const settingsOf = (form: PolicyElement, compiler: Compiler): ((message: Message) => Settings) => {
  for (const child of form.children) {
    if (child.name === 'authentication')
      compiler.refuse(child, 'credentials in an endpoint are not supported yet; use the security of the API’s endpoint');
    if (!SETTINGS.includes(child.name)) compiler.refuse(child, `'${child.name}' is not known in ${form.name}`);
  }
  const child = (name: string) => form.children.find((other) => other.name === name);
  const timeout = child('timeout');
  const duration = timeout && childText(timeout, 'duration');
  const action = timeout && childText(timeout, 'responseAction');
  const onTimeout = action === 'discard' ? 'discard' : action === 'never' ? 'neverTimeout' : 'fault';
  const suspension = suspensionOf(child('suspendOnFailure'), child('markForSuspension'), compiler);
  const fixed = { onTimeout, ...(suspension !== undefined && { suspension }) } as const;
  if (timeout === undefined || duration === undefined) return () => ({ ...fixed, timeoutMs: null });
  const dynamic = /^\{(.+)\}$/s.exec(duration)?.[1];
  if (dynamic === undefined) {
    const timeoutMs = numberOf(timeout, duration, compiler);
    return () => ({ ...fixed, timeoutMs });
  }
  const expression = compiler.expressionOf(timeout, dynamic);
  return (message) => ({ ...fixed, timeoutMs: milliseconds(expression, message) });
};

const milliseconds = (expression: Expression, message: Message): number | null => {
  const value = Number(expression.text(message));
  return Number.isInteger(value) && value > 0 ? value : null;
};

const suspensionOf = (
  failure: PolicyElement | undefined,
  mark: PolicyElement | undefined,
  compiler: Compiler,
): SuspensionDocument | undefined => {
  if (failure === undefined && mark === undefined) return undefined;
  const number = (element: PolicyElement | undefined, name: string, usual: number): number => {
    const text = element && childText(element, name);
    return element === undefined || text === undefined ? usual : numberOf(element, text, compiler);
  };
  const durationMs = number(failure, 'initialDuration', 30_000);
  if (durationMs === 0) return undefined;
  const max = number(failure, 'maximumDuration', 0);
  return {
    codes: codesOf(failure),
    durationMs,
    durationMaxMs: max === 0 ? null : max,
    factor: number(failure, 'progressionFactor', 1),
    retryCodes: codesOf(mark),
    retries: number(mark, 'retriesBeforeSuspension', 0),
    retryDelayMs: number(mark, 'retryDelay', 0),
  };
};

const codesOf = (element: PolicyElement | undefined): readonly string[] =>
  ((element && childText(element, 'errorCodes')) ?? '').split(',').flatMap((code) => code.trim() || []);

const childText = (element: PolicyElement, name: string): string | undefined =>
  element.children.find((child) => child.name === name)?.text.trim() || undefined;

const numberOf = (element: PolicyElement, text: string, compiler: Compiler): number => {
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : compiler.refuse(element, `'${text}' is no number`);
};
