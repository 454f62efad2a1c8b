import type { Exchange } from '../exchange.js';
import { headerOf, removeHeader, setHeader } from '../front/headers.js';
import { isSoap } from '../front/soap-faults.js';
import type { Answer } from '../mediation/flows.js';
import { FRAMING } from '../mediation/header-policies.js';
import { callEndpoint } from './call-endpoint.js';
import { COMPUTED, holdsFault, messageFormat } from './computed-properties.js';
import type { SequenceTarget } from './endpoint-forms.js';
import { FaultAnswer } from './fault-answer.js';
import type { CallAnswer, Ending, FlowMessage } from './flow-message.js';
import { checkHeader } from './header-values.js';
import { type Addressing, MediationError, type Outcome, type Scope, type Value } from './message.js';
import { MessagePayload } from './payload.js';
import { requestTarget, resourceTarget } from './request-target.js';
import { feedVariable, requestVariables } from './request-variables.js';
import { runNative } from './run-native.js';
import type { SequenceDeps } from './sequence-deps.js';
import { TRANSPORT } from './transport-properties.js';
import { textOf } from './values.js';

const EXECUTIONS_MAX = 1_000;
const ADDRESSES: readonly string[] = ['To', 'From', 'Action', 'ReplyTo', 'FaultTo', 'RelatesTo', 'MessageID'];

const isAddressing = (name: string): name is Addressing => ADDRESSES.includes(name);

/** A gateway's exchange as a message (`reference/mediation.md` §2): one for all policies of its request, its answer and its fault. */
export class ExchangeMessage implements FlowMessage {
  isResponse = false;
  isFault = false;
  ending: Ending | null = null;
  /** The answer of the flow; null on the way to the backend. */
  answer: Answer | null = null;
  /** Headers of the direction: names and values in turn. */
  headers: string[];
  payload: MessagePayload;
  calls = 0;
  private fault: FaultAnswer | null = null;

  private readonly scopes: Readonly<Record<Exclude<Scope, 'transport'>, Map<string, Value>>> = {
    default: new Map(),
    axis2: new Map(),
    operation: new Map(),
    var: new Map(),
  };
  private readonly addresses = new Map<Addressing, string | null>();
  /** The bytes that the payload was made of, or was written to. */
  private source: Buffer | null;
  private written = '';
  private executions = 0;
  private readonly hidden = new Set<string>();
  private readonly subPath: string;

  constructor(
    readonly exchange: Exchange,
    readonly deps: SequenceDeps,
  ) {
    this.headers = exchange.outbound;
    // A policy may have sent the request to another path already.
    const target = resourceTarget(exchange);
    this.subPath = target;
    this.source = exchange.body;
    this.payload = payloadOf(exchange.outbound, exchange.body);
    for (const [name, value] of requestVariables(exchange.operation, target)) this.scopes.default.set(name, value);
  }

  /** Begins or goes on with the request flow. */
  enterRequest(): void {
    this.ending = null;
    this.load(this.exchange.body);
  }

  /** Begins or goes on with the flow of an answer. */
  enterAnswer(answer: Answer): void {
    this.ending = null;
    if (this.answer !== answer) this.enter(answer);
    this.isResponse = true;
    this.load(answer.body);
  }

  /** Begins or goes on with the flow of a fault; its answer is what the gateway says if no policy says anything else. */
  enterFault(answer: Answer): void {
    this.ending = null;
    if (this.answer === answer) return;
    // The payload stays what it was when the exchange failed.
    this.enter(answer);
    this.isFault = true;
    this.fault = new FaultAnswer(answer);
    this.fault.note(this);
  }

  /** Says in the fault's answer what its properties say now. */
  renderFault(): void {
    this.fault?.render(this);
  }

  get messageType(): string | null {
    const own = this.scopes.axis2.get('messageType');
    return own === undefined ? null : textOf(own) || null;
  }

  /** The format in which the payload leaves. */
  get format(): string {
    return this.messageType ?? headerOf(this.headers, 'content-type') ?? this.payload.ownType;
  }

  get(scope: Scope, name: string): Value | null {
    switch (scope) {
      case 'default':
        return this.property(name);
      case 'axis2':
        return this.scopes.axis2.get(name) ?? TRANSPORT.get(name)?.read?.(this) ?? COMPUTED_ANYWHERE.get(name)?.() ?? null;
      case 'transport':
        return this.header(name.toLowerCase());
      default:
        return this.scopes[scope].get(name) ?? null;
    }
  }

  set(scope: Scope, name: string, value: Value): void {
    if (scope === 'transport') {
      this.setHeader(name, textOf(value));
      return;
    }
    if (scope === 'axis2') TRANSPORT.get(name)?.write?.(this, value);
    if (scope === 'default') this.steer(name, value);
    this.scopes[scope].set(name, value);
  }

  remove(scope: Scope, name: string): void {
    if (scope === 'transport') {
      const lower = name.toLowerCase();
      if (!FRAMING.includes(lower)) removeHeader(this.headers, lower);
      return;
    }
    this.scopes[scope].delete(name);
    if (scope === 'default') feedVariable(this.exchange, name, null);
    if (scope === 'axis2') TRANSPORT.get(name)?.remove?.(this);
  }

  names(scope: Scope): readonly string[] {
    if (scope !== 'transport') return [...this.scopes[scope].keys()];
    return this.headers.filter((_, index) => index % 2 === 0);
  }

  address(part: Addressing): string | null {
    if (part === 'To') return this.addresses.get('To') === null ? null : (this.exchange.to ?? requestTarget(this.exchange));
    return this.addresses.get(part) ?? null;
  }

  setAddress(part: Addressing, value: string | null): void {
    this.addresses.set(part, value);
    if (part === 'To') this.exchange.to = value;
  }

  query(name: string): string {
    const { to, rest } = this.exchange;
    const from = to ?? rest;
    const query = from.indexOf('?');
    if (query < 0) return '';
    const lower = name.toLowerCase();
    for (const [key, value] of new URLSearchParams(from.slice(query))) if (key.toLowerCase() === lower) return value;
    return '';
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    let shown = text;
    for (const secret of this.hidden) shown = shown.replaceAll(secret, '*****');
    this.deps.log.line(level, shown, this.exchange);
  }

  hide(texts: readonly string[]): void {
    for (const text of texts) this.hidden.add(text);
  }

  count(): void {
    this.executions += 1;
    if (this.executions > EXECUTIONS_MAX) throw new MediationError('0', `More than ${EXECUTIONS_MAX} mediators would run`);
  }

  call(target: SequenceTarget | null, body?: { readonly bytes: Buffer; readonly contentType: string | null }): Promise<CallAnswer> {
    return callEndpoint(this, target, body);
  }

  runNative(policy: string, parameters: Readonly<Record<string, unknown>>): Outcome | Promise<Outcome> {
    return runNative(this, policy, parameters);
  }

  passToken(): Outcome | Promise<Outcome> {
    const assertion = this.answer === null ? (this.deps.assertionOf?.(this.exchange) ?? null) : null;
    const pass = (jwt: string | null): Outcome => {
      if (jwt === null) throw new MediationError('900900', 'The token for the backend could not be signed');
      this.set('transport', 'assertion', jwt);
      return 'continue';
    };
    // Whoever has no credential is nobody to the backend, too, whatever the client has sent.
    if (assertion === null) {
      if (this.answer === null) this.remove('transport', 'assertion');
      return 'continue';
    }
    return assertion instanceof Promise ? assertion.then(pass) : pass(assertion);
  }

  /** Puts what has changed into the exchange, so that it goes to the backend or to the client. */
  write(): void {
    const bytes = this.changed();
    if (bytes === undefined) return;
    const { answer, exchange } = this;
    if (answer !== null) answer.body = bytes;
    else if (bytes.length > 0) {
      exchange.body = bytes;
      setHeader(this.headers, 'Content-Length', 'content-length', String(bytes.length));
    } else {
      exchange.body = null;
      exchange.bodyBytes = 0;
      removeHeader(this.headers, 'content-length');
    }
  }

  take({ status, headers, body }: CallAnswer): void {
    this.headers.length = 0;
    this.headers.push(...headers);
    this.payload = payloadOf(this.headers, body);
    this.source = body;
    this.written = '';
    this.scopes.axis2.delete('messageType');
    this.scopes.axis2.delete('ContentType');
    this.scopes.axis2.set('HTTP_SC', status);
    if (this.answer === null) this.exchange.body = body;
    else if (!this.isFault) Object.assign(this.answer, { body, status });
    if (this.answer === null) setHeader(this.headers, 'Content-Length', 'content-length', String(body.length));
  }

  get isSoap(): boolean {
    return isSoap(this.exchange);
  }

  get isAbandoned(): boolean {
    return this.exchange.reply.destroyed;
  }

  /** Whether a policy forbids a body, of either direction. */
  get isWithoutBody(): boolean {
    const { axis2: transport } = this.scopes;
    return textOf(transport.get('NO_ENTITY_BODY') ?? null) === 'true' || textOf(transport.get('FORCE_POST_PUT_NOBODY') ?? null) === 'true';
  }

  /** The payload's bytes where they have changed since they were last written; undefined where they have not. Names their type in the headers. */
  changed(): Buffer | undefined {
    if (this.isWithoutBody) return Buffer.alloc(0);
    const { payload, messageType } = this;
    const isSame = this.written === `${payload.changes} ${messageType}`;
    if (isSame || !payload.isOtherThan(messageType)) return undefined;
    const bytes = payload.write(this.format);
    // Whatever the body was encoded with, what replaces it is not.
    removeHeader(this.headers, 'content-encoding');
    if (bytes.length > 0) setHeader(this.headers, 'Content-Type', 'content-type', this.contentType());
    this.written = `${payload.changes} ${messageType}`;
    this.source = bytes;
    return bytes;
  }

  /** The media type that the payload is announced with. */
  contentType(): string {
    const type = headerOf(this.headers, 'content-type') ?? this.format;
    const charset = textOf(this.scopes.axis2.get('CHARACTER_SET_ENCODING') ?? null);
    const isWanted = charset !== '' && !/charset=/i.test(type) && textOf(this.scopes.axis2.get('setCharacterEncoding') ?? null) !== 'false';
    return isWanted && /^[\w-]+$/.test(charset) ? `${type}; charset=${charset}` : type;
  }

  /** Properties that decide where the request goes. */
  private steer(name: string, value: Value): void {
    if (name === 'AM_KEY_TYPE' && (value === 'PRODUCTION' || value === 'SANDBOX')) this.exchange.keyType = value;
    feedVariable(this.exchange, name, textOf(value));
  }

  private enter(answer: Answer): void {
    this.answer = answer;
    this.headers = answer.headers;
    this.scopes.axis2.clear();
    this.isResponse = false;
    this.isFault = false;
    this.written = '';
  }

  private load(body: Buffer | null): void {
    if (body === this.source) return;
    this.source = body;
    this.written = '';
    this.payload = payloadOf(this.headers, body);
  }

  private property(name: string): Value | null {
    const own = this.scopes.default.get(name);
    if (own !== undefined) return own;
    if (isAddressing(name)) return this.address(name);
    if (name === 'REST_SUB_REQUEST_PATH') return this.subPath;
    if (name === 'MESSAGE_FORMAT') return messageFormat(this.headers, this.exchange);
    if (name === 'FAULT') return holdsFault(this.payload);
    return COMPUTED.get(name)?.(this.exchange, this.deps) ?? this.environmentProperty(name);
  }

  /** What the API is told in its environment. */
  private environmentProperty(name: string): Value | null {
    const properties = this.exchange.api?.document.environmentProperties;
    return properties !== undefined && Object.hasOwn(properties, name) ? (properties[name] ?? null) : null;
  }

  private header(lower: string): string | null {
    const own = headerOf(this.headers, lower);
    if (own !== null) return own;
    // A fault's answer begins without the headers of the request, which its policies may still read.
    if (this.isFault) return headerOf(this.exchange.outbound, lower);
    return lower === 'host' && this.answer === null ? this.exchange.host : null;
  }

  private setHeader(name: string, value: string): void {
    checkHeader(name, value);
    const lower = name.toLowerCase();
    if (!FRAMING.includes(lower)) setHeader(this.headers, name, lower, value);
  }
}

/** Read in any scope (`reference/mediation.md` §6.3). */
const COMPUTED_ANYWHERE: ReadonlyMap<string, () => Value> = new Map([['SYSTEM_TIME', () => Date.now()]]);

const payloadOf = (headers: readonly string[], body: Buffer | null): MessagePayload => {
  const encoding = headerOf(headers, 'content-encoding');
  const isEncoded = encoding !== null && !/^\s*(?:identity)?\s*$/i.test(encoding);
  return new MessagePayload(body, headerOf(headers, 'content-type'), isEncoded);
};

/** The message of an exchange, made when the first policy wants it. */
export const messageOf = (exchange: Exchange, deps: SequenceDeps): ExchangeMessage => {
  exchange.message ??= new ExchangeMessage(exchange, deps);
  return exchange.message;
};
