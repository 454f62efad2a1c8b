import { DOMParser } from '@xmldom/xmldom';
import { jsonToXml } from '../mediation/json-to-xml.js';
import { xmlToJson } from '../mediation/xml-to-json.js';
import { type Json, MediationError, type Payload } from '../sequences/message.js';

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';

const unreadable = (cause: unknown): MediationError =>
  new MediationError('601000', cause instanceof Error ? cause.message : String(cause), { cause });

const read = <T>(make: () => T): T => {
  try {
    return make();
  } catch (err) {
    throw unreadable(err);
  }
};

const formOf = (contentType: string | null): Payload['form'] => {
  const type = (contentType ?? '').toLowerCase();
  if (/^[^;]*[/+]json/.test(type)) return 'json';
  return /^[^;]*[/+]xml/.test(type) ? 'xml' : 'text';
};

/** The body of a mock: the request's until the script says something else. As text. */
export class MockPayload implements Payload {
  form: Payload['form'];
  private held: string;

  constructor(body: Buffer | null, contentType: string | null) {
    this.held = body?.toString() ?? '';
    this.form = this.held === '' ? 'none' : formOf(contentType);
  }

  json(): Json | undefined {
    if (this.form === 'none') return undefined;
    return read(() => JSON.parse(this.form === 'xml' ? xmlToJson(this.held) : this.held));
  }

  envelope(): Document {
    const content = this.xml();
    const document = read(() => parsed(content === '' ? '<empty/>' : content));
    if (document.documentElement.localName === 'Envelope') return document;
    return parsed(`<soapenv:Envelope xmlns:soapenv="${SOAP11}"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`);
  }

  text(): string {
    return this.held;
  }

  setJson(json: Json): void {
    this.form = 'json';
    this.held = JSON.stringify(json);
  }

  setXml(element: Element): void {
    this.form = 'xml';
    this.held = element.toString();
  }

  setText(text: string): void {
    this.form = 'text';
    this.held = text;
  }

  clear(): void {
    this.form = 'none';
    this.held = '';
  }

  /** As it is sent with a content type: JSON becomes XML and the reverse (`reference/mediation.md` §2.2). */
  as(contentType: string): string {
    const wanted = formOf(contentType);
    if (wanted === 'xml' && this.form === 'json') return this.xml();
    if (wanted === 'json' && this.form === 'xml') return JSON.stringify(this.json());
    return this.held;
  }

  private xml(): string {
    return this.form === 'json' ? read(() => jsonToXml(this.held)) : this.held.replace(/^\s*<\?xml[^?]*\?>\s*/, '');
  }
}

const parsed = (markup: string): Document => {
  if (/<!DOCTYPE/i.test(markup)) throw new Error('a document type is not allowed');
  const refuse = (reason: string): never => {
    throw new Error(reason.split('\n', 1)[0]);
  };
  return new DOMParser({ errorHandler: { warning: refuse, error: refuse, fatalError: refuse } }).parseFromString(markup, 'text/xml');
};
