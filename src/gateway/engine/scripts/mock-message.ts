import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import type { MediationLog } from '../mediation/mediation-log.js';
import { type Addressing, MediationError, type Message, type Scope, type Value } from '../sequences/message.js';
import { MockPayload } from './mock-payload.js';

const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const HEADER_VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** The gateway's own business. */
const FRAMING: readonly string[] = ['host', 'connection', 'transfer-encoding', 'content-length', 'content-type'];
const VARIABLE = /^(.*?)\{\+?([^{}]+)\}(.*)$/;

/** What a mock script reads of the request and says of the answer. */
export class MockMessage implements Message {
  isResponse = false;
  isFault = false;
  readonly payload: MockPayload;
  private readonly properties: Map<string, Value>;
  private readonly scopes: Readonly<Record<Exclude<Scope, 'default' | 'transport'>, Map<string, Value>>>;
  /** Headers of the answer, by their names in lower case. */
  private readonly answerHeaders = new Map<string, readonly [name: string, value: string]>();
  private readonly addresses = new Map<Addressing, string | null>();

  constructor(
    private readonly exchange: Exchange,
    private readonly mediationLog: MediationLog,
  ) {
    this.properties = requestProperties(exchange);
    this.scopes = { axis2: new Map(), operation: new Map(), var: new Map() };
    this.payload = new MockPayload(exchange.body, headerOf(exchange.outbound, 'content-type'));
  }

  /** Headers that the script set, names and values in turn. */
  get headers(): readonly string[] {
    return [...this.answerHeaders.values()].flat();
  }

  get(scope: Scope, name: string): Value | null {
    if (scope === 'transport')
      return this.answerHeaders.get(name.toLowerCase())?.[1] ?? headerOf(this.exchange.outbound, name.toLowerCase());
    if (scope !== 'default') return this.scopes[scope].get(name) ?? null;
    return name === 'SYSTEM_TIME' ? String(Date.now()) : (this.properties.get(name) ?? null);
  }

  set(scope: Scope, name: string, value: Value): void {
    if (scope === 'default') this.properties.set(name, value);
    else if (scope !== 'transport') this.scopes[scope].set(name, value);
    else if (!FRAMING.includes(name.toLowerCase())) {
      this.answerHeaders.set(name.toLowerCase(), [name, sendable(name, String(value))]);
    }
  }

  remove(scope: Scope, name: string): void {
    if (scope === 'default') this.properties.delete(name);
    else if (scope === 'transport') this.answerHeaders.delete(name.toLowerCase());
    else this.scopes[scope].delete(name);
  }

  names(scope: Scope): readonly string[] {
    if (scope === 'default') return [...this.properties.keys()];
    return scope === 'transport' ? [...this.answerHeaders.values()].map(([name]) => name) : [...this.scopes[scope].keys()];
  }

  address(part: Addressing): string | null {
    const set = this.addresses.get(part);
    if (set === undefined && part === 'To') return this.exchange.request.url ?? null;
    return set ?? null;
  }

  setAddress(part: Addressing, value: string | null): void {
    this.addresses.set(part, value);
  }

  query(name: string): string {
    const found = [...searchOf(this.exchange.rest)].find(([given]) => given.toLowerCase() === name.toLowerCase());
    return found?.[1] ?? '';
  }

  log(_level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    this.mediationLog.message(text, this.exchange, [], null);
  }
}

/** The value, when a header can have it. @throws MediationError. */
export const sendable = (name: string, value: string): string => {
  if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) throw new MediationError('0', `the header '${name}' cannot be sent`);
  return value;
};

const requestProperties = (exchange: Exchange): Map<string, Value> => {
  const { rest, operation, api, request } = exchange;
  const properties = new Map<string, Value>([
    ['REST_METHOD', request.method ?? 'GET'],
    ['REST_SUB_REQUEST_PATH', rest],
    ['REST_FULL_REQUEST_PATH', request.url ?? '/'],
    ['REST_API_CONTEXT', api?.document.path ?? ''],
    ['SYNAPSE_REST_API_VERSION', api?.document.version ?? ''],
    ['API_ELECTED_RESOURCE', operation?.target ?? ''],
    ['AM_KEY_TYPE', exchange.keyType],
  ]);
  const accept = exchange.accept ?? headerOf(exchange.outbound, 'accept');
  if (accept !== null) properties.set('AcceptHeader', accept);
  for (const [name, value] of pathVariables(operation?.target ?? '', rest)) properties.set(`uri.var.${name}`, value);
  const search = searchOf(rest);
  // A name that comes again: its values in one (`reference/mediation.md` §6.3).
  for (const name of search.keys()) properties.set(`query.param.${name}`, search.getAll(name).join('&'));
  return properties;
};

const searchOf = (rest: string): URLSearchParams => {
  const query = rest.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : rest.slice(query));
};

/** The values of the template's variables in a path that it matches: one in a segment, or at the end the rest of the path. */
const pathVariables = (target: string, rest: string): readonly (readonly [name: string, value: string])[] => {
  const values = (rest.split('?', 1)[0] ?? '').split('/');
  const segments = (target.split('?', 1)[0] ?? '').split('/');
  return segments.flatMap((segment, at) => {
    const [, before = '', name, after = ''] = VARIABLE.exec(segment) ?? [];
    if (name === undefined) return [];
    const value = segment.startsWith('{+') ? values.slice(at).join('/') : (values[at] ?? '');
    return [[name, decoded(value.slice(before.length, value.length - after.length))] as const];
  });
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no UTF-8: as sent
  }
};
