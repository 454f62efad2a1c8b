import { DOMParser } from '@xmldom/xmldom';
import {
  type Addressing,
  type Json,
  JsonValue,
  MediationError,
  type Message,
  type Scope,
  type Value,
  XmlValue,
} from '../sequences/message.js';
import { checkXml } from '../sequences/xml-text.js';
import type { HostCall } from './isolate.js';

const SCOPES: readonly Scope[] = ['default', 'axis2', 'transport', 'operation', 'var'];
const UNREAD: readonly string[] = ['axis2-client', 'analytics', 'trace'];
const ADDRESSES: readonly Addressing[] = ['To', 'From', 'Action', 'ReplyTo', 'FaultTo', 'RelatesTo', 'MessageID'];
const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const LINES_MAX = 100;
const LINE_LENGTH_MAX = 2_000;

/** The answer to a call of a script; `xml` is markup. */
interface Told {
  readonly value?: unknown;
  readonly xml?: string;
}

/** What a script can ask of a message. A failure is told to the script; should that not catch it, {@link failureOf} gives the original. */
export class MessageHost {
  private lines = 0;
  private readonly failures = new Map<string, unknown>();

  constructor(
    private readonly message: Message,
    private readonly parameters: Readonly<Record<string, unknown>>,
  ) {}

  readonly call: HostCall = (request) => {
    try {
      const [name, ...given]: readonly unknown[] = JSON.parse(request);
      const serve = typeof name === 'string' && Object.hasOwn(CALLS, name) ? CALLS[name] : undefined;
      if (serve === undefined) throw new Error('there is no such call');
      return JSON.stringify(serve(this.message, given, this) ?? {});
    } catch (err) {
      const error = err instanceof Error ? err.message : String(err);
      this.failures.set(error, err);
      return JSON.stringify({ error });
    }
  };

  /** What a script was told as an error of this text. */
  failureOf(error: string): unknown {
    return this.failures.get(error);
  }

  given(): Told {
    return { value: this.parameters };
  }

  log(level: unknown, line: unknown): void {
    this.lines += 1;
    if (this.lines <= LINES_MAX) this.message.log(oneOf(LEVELS, level), String(line).slice(0, LINE_LENGTH_MAX));
  }
}

type Call = (message: Message, given: readonly unknown[], host: MessageHost) => Told | undefined;

const CALLS: Readonly<Record<string, Call>> = {
  get: (message, [scope, name]) => told(message.get(oneOf(SCOPES, scope), String(name))),
  set: (message, [scope, name, value]) => {
    const held = heldValue(value);
    const into = scopeOf(scope);
    if (into === null) return undefined;
    if (held === null) message.remove(into, String(name));
    else message.set(into, String(name), held);
    return undefined;
  },
  remove: (message, [scope, name]) => {
    const from = scopeOf(scope);
    if (from !== null) message.remove(from, String(name));
    return undefined;
  },
  json: ({ payload }) => ({ value: (payload.form === 'none' ? undefined : jsonOf(payload)) ?? {} }),
  setJson: ({ payload }, [value]) => {
    // It came as JSON.
    payload.setJson(value as Json);
    return undefined;
  },
  xml: ({ payload }) => ({ xml: markupOf(bodyOf(payload.envelope())) }),
  setXml: ({ payload }, [markup]) => {
    payload.setXml(elementOf(String(markup)));
    return undefined;
  },
  text: ({ payload }) => ({ value: payload.text() }),
  envelope: ({ payload }) => ({ xml: payload.envelope().documentElement.toString() }),
  addHeader: ({ payload }, [mustUnderstand, markup]) => {
    payload.setXml(withHeader(payload.envelope(), elementOf(String(markup)), mustUnderstand === true));
    return undefined;
  },
  address: (message, [part]) => ({ value: message.address(oneOf(ADDRESSES, part)) }),
  setAddress: (message, [part, value]) => {
    message.setAddress(oneOf(ADDRESSES, part), typeof value === 'string' ? value : null);
    return undefined;
  },
  flag: (message, [name]) => ({ value: name === 'isFault' ? message.isFault : message.isResponse }),
  setFlag: (message, [name, value]) => {
    if (name === 'isFault') message.isFault = value === true;
    else message.isResponse = value === true;
    return undefined;
  },
  log: (_message, [level, line], host) => {
    host.log(level, line);
    return undefined;
  },
  parameters: (_message, _given, host) => host.given(),
  random: () => ({ value: Math.random() }),
};

const oneOf = <T extends string>(known: readonly T[], given: unknown): T => {
  const found = known.find((each) => each === given);
  if (found === undefined) throw new MediationError('0', `'${String(given)}' is not one of ${known.join(', ')}`);
  return found;
};

/** Null for a scope that nobody reads (`reference/mediation.md` §6.1). */
const scopeOf = (scope: unknown): Scope | null => {
  if (scope === null) return 'default';
  if (typeof scope === 'string' && UNREAD.includes(scope)) return null;
  return oneOf(SCOPES, scope === 'synapse' ? 'default' : scope);
};

const told = (value: Value | null): Told => {
  if (value instanceof JsonValue) return { value: value.json };
  if (value instanceof XmlValue) return { xml: value.nodes.map(String).join('') };
  return { value };
};

/** A value as a script gives it; null for none. */
const heldValue = (given: unknown): Value | null => {
  if (typeof given !== 'object' || given === null) return null;
  if ('xml' in given) return new XmlValue([elementOf(String(given.xml))]);
  const value = 'value' in given ? given.value : null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  // It came as JSON.
  return value === null || value === undefined ? null : new JsonValue(value as Json);
};

/** A text that is no JSON is none to a script (`reference/mediation.md` §5). */
const jsonOf = (payload: Message['payload']): Json | undefined =>
  payload.form === 'json' || payload.form === 'xml' ? payload.json() : undefined;

const elementOf = (markup: string): Element => {
  const refuse = (reason: string): never => {
    throw new MediationError('0', `the text is not XML: ${reason.split('\n', 1)[0]}`);
  };
  if (/<!DOCTYPE/i.test(markup)) return refuse('a document type is not allowed');
  try {
    // What a script hands over may be a client's: it is as deep and as large as other XML may be, and costs no more than that.
    checkXml(markup);
  } catch (err) {
    return refuse(err instanceof Error ? err.message : String(err));
  }
  const errorHandler = { warning: refuse, error: refuse, fatalError: refuse };
  const root = new DOMParser({ errorHandler }).parseFromString(markup, 'text/xml')?.documentElement;
  return root ?? refuse('it has no element');
};

const childrenOf = (node: Node): readonly Element[] =>
  Array.from({ length: node.childNodes.length }, (_, index) => node.childNodes[index]).filter(
    (child): child is Element => child?.nodeType === 1,
  );

const childNamed = (parent: Element, name: string): Element | undefined => childrenOf(parent).find(({ localName }) => localName === name);

/** The first element of the envelope's body. */
const bodyOf = ({ documentElement }: Document): Element | undefined => {
  const body = childNamed(documentElement, 'Body');
  return body && childrenOf(body)[0];
};

const markupOf = (element: Element | undefined): string => (element === undefined ? '' : element.toString());

/** The envelope with one more block in its header. */
const withHeader = (document: Document, block: Element, mustUnderstand: boolean): Element => {
  const envelope = document.documentElement;
  const namespace = envelope.namespaceURI;
  const qualified = (name: string): string => (envelope.prefix ? `${envelope.prefix}:${name}` : name);
  let header = childNamed(envelope, 'Header');
  if (header === undefined) {
    header = document.createElementNS(namespace, qualified('Header'));
    envelope.insertBefore(header, envelope.firstChild);
  }
  const added = document.importNode(block, true);
  if (mustUnderstand) added.setAttributeNS(namespace, qualified('mustUnderstand'), '1');
  header.appendChild(added);
  return envelope;
};
