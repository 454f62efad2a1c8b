import { DOMParser } from '@xmldom/xmldom';
import { type Addressing, type Json, type Message, type Payload, type Scope, type Value } from './message.js';

/** What a test's message holds; the payload is given as JSON or as the markup of an envelope. */
export interface Held {
  readonly json?: Json;
  readonly envelope?: string;
  readonly properties?: Partial<Readonly<Record<Scope, Readonly<Record<string, Value>>>>>;
  readonly query?: Readonly<Record<string, string>>;
}

const EMPTY = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body/></e:Envelope>';

/** A message in memory for tests of expressions; it remembers what was logged, and whether its payload was read. */
export class HeldMessage implements Message {
  isResponse = false;
  isFault = false;
  wasRead = false;
  readonly logged: string[] = [];
  private readonly scopes = new Map<Scope, Map<string, Value>>();

  constructor(private readonly held: Held = {}) {
    for (const scope of ['default', 'axis2', 'transport', 'operation', 'var'] as const) {
      this.scopes.set(scope, new Map(Object.entries(held.properties?.[scope] ?? {})));
    }
  }

  readonly payload: Payload = {
    form: 'json',
    json: () => {
      this.wasRead = true;
      return this.held.json;
    },
    envelope: () => {
      this.wasRead = true;
      return new DOMParser().parseFromString(this.held.envelope ?? EMPTY, 'text/xml');
    },
    text: () => JSON.stringify(this.held.json),
    setJson: () => undefined,
    setXml: () => undefined,
    setText: () => undefined,
    clear: () => undefined,
  };

  get(scope: Scope, name: string): Value | null {
    return this.scopes.get(scope)?.get(scope === 'transport' ? name.toLowerCase() : name) ?? null;
  }

  set(scope: Scope, name: string, value: Value): void {
    this.scopes.get(scope)?.set(name, value);
  }

  remove(scope: Scope, name: string): void {
    this.scopes.get(scope)?.delete(name);
  }

  names(scope: Scope): readonly string[] {
    return [...(this.scopes.get(scope)?.keys() ?? [])];
  }

  address(_part: Addressing): string | null {
    return null;
  }

  setAddress(_part: Addressing, _value: string | null): void {}

  query(name: string): string {
    return this.held.query?.[name.toLowerCase()] ?? '';
  }

  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void {
    this.logged.push(`${level}: ${text}`);
  }
}
