/** JSON as it is parsed; numbers keep their value, not their digits. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** An object or a list held by a property, as opposed to its text. */
export class JsonValue {
  constructor(readonly json: Json) {}
}

/** XML held by a property: one node, or several in document order. */
export class XmlValue {
  constructor(readonly nodes: readonly Node[]) {}
}

/** What a property holds (`reference/mediation.md` §2.1). */
export type Value = string | number | boolean | JsonValue | XmlValue;

/** `default` is `$ctx`, `transport` the HTTP headers of the direction, `var` the variables. */
export type Scope = 'default' | 'axis2' | 'transport' | 'operation' | 'var';

/** The addresses of a message (`reference/mediation.md` §2.1). */
export type Addressing = 'To' | 'From' | 'Action' | 'ReplyTo' | 'FaultTo' | 'RelatesTo' | 'MessageID';

/** The body of a message, read on first use: whoever reads it has asked for it beforehand (`usesPayload`). */
export interface Payload {
  /** `none` for an empty body of any type. */
  readonly form: 'none' | 'json' | 'xml' | 'text' | 'form' | 'binary';
  /** The payload as JSON, XML converted; undefined when there is none. @throws MediationError 601000 for a body that is not what it says. */
  json(): Json | undefined;
  /** The SOAP envelope; a bare payload is seen within `Envelope/Body`, JSON by its XML form. @throws MediationError 601000. */
  envelope(): Document;
  /** JSON text or the envelope's markup or the text itself; empty when there is none. */
  text(): string;
  /** Replaces the payload; content type and headers are the caller's business. */
  setJson(json: Json): void;
  /** An envelope replaces the envelope, any other element the body's content. */
  setXml(element: Element): void;
  setText(text: string): void;
  clear(): void;
}

/**
 * One exchange as policies written by users see it, from its request to its answer or its fault (`reference/mediation.md` §2). Expressions, mediators and
 * scripts know nothing else of the gateway.
 */
export interface Message {
  isResponse: boolean;
  isFault: boolean;
  readonly payload: Payload;
  /** A property; null when there is none. Includes what is computed (`SYSTEM_TIME`, `To`, `REST_SUB_REQUEST_PATH`, …); headers by any letter case. */
  get(scope: Scope, name: string): Value | null;
  /** @throws MediationError for a header that cannot be sent. */
  set(scope: Scope, name: string, value: Value): void;
  remove(scope: Scope, name: string): void;
  /** The names that a scope holds. */
  names(scope: Scope): readonly string[];
  address(part: Addressing): string | null;
  setAddress(part: Addressing, value: string | null): void;
  /** A parameter of the request's query, decoded, its name by any letter case; empty when it is not there. */
  query(name: string): string;
  /** Writes a line of a policy to the gateway's log. */
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

/** A policy failed: the flow is given up, and the API's fault policies run (`reference/mediation.md` §9.1). */
export class MediationError extends Error {
  constructor(
    /** `ERROR_CODE`; `0` for a failure without a code of its own. */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A failure as a fault of the message, whoever it comes from: what no policy expects says what it is, and never where. */
export const mediationErrorOf = (err: unknown): MediationError => {
  if (err instanceof MediationError) return err;
  const text = err instanceof DefinitionError ? err.reason : err instanceof Error ? err.message : String(err);
  const [reason = ''] = text.split('\n', 1);
  return new MediationError('0', `The policy failed: ${reason}`, { cause: err });
};

/** A definition that cannot be compiled, and where: answered with 902006 when it is uploaded (`reference/mediation.md` §9.2). */
export class DefinitionError extends Error {
  constructor(
    readonly reason: string,
    /** The element it is about, by its local name; null for the text as a whole. */
    readonly element: string | null = null,
    /** From 1, in the text as it was uploaded; null when it is not known. */
    readonly line: number | null = null,
  ) {
    super(element === null ? reason : `${element}${line === null ? '' : ` (line ${line})`}: ${reason}`);
  }
}

/** Whether the flow goes on after a mediator (`reference/mediation.md` §2.3). */
export type Outcome = 'continue' | 'stop';

/** One step of a sequence. A promise only where something must be waited for. */
export type Mediator = (message: Message) => Outcome | Promise<Outcome>;

/** A compiled expression: XPath, JSONPath or `${…}` (`reference/mediation.md` §7). */
export interface Expression {
  /** Whether it reads the body. */
  readonly usesPayload: boolean;
  /** The result as a property holds it; null for what is not there. @throws MediationError when it fails. */
  value(message: Message): Value | null;
  /** The result as text, empty for what is not there. */
  text(message: Message): string;
  /** The result as a condition. */
  test(message: Message): boolean;
}
