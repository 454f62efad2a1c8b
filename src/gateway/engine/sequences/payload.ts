import { jsonExcess } from '../mediation/json-threats.js';
import { jsonToXml } from '../mediation/json-to-xml.js';
import { strictText } from '../mediation/threats.js';
import { xmlToJson } from '../mediation/xml-to-json.js';
import { essenceOf, familyOf } from './media-types.js';
import { type Json, MediationError, type Payload } from './message.js';
import {
  childElements,
  copyOf,
  envelopeAround,
  envelopeOf,
  escapedXml,
  isEnvelope,
  parseXml,
  partOf,
  payloadElement,
  SOAP12,
  xmlText,
} from './xml-text.js';

type Content =
  | { readonly form: 'none' }
  /** The text as it came, while nobody has replaced it: numbers keep their digits. */
  | { readonly form: 'json'; readonly value: Json; readonly text: string | null }
  | { readonly form: 'xml'; readonly document: Document }
  | { readonly form: 'text' | 'form'; readonly text: string }
  | { readonly form: 'binary'; readonly bytes: Buffer };

const NONE: Content = { form: 'none' };
const TEXT_NAMESPACE = 'http://ws.apache.org/commons/ns/payload';
const DEPTH = { properties: Infinity, stringLength: Infinity, elements: Infinity, keyLength: Infinity, depth: 500 };

/** The body of a message: bytes until somebody wants to know more of it (`reference/mediation.md` §2.2). */
export class MessagePayload implements Payload {
  /** How often it was replaced by another one since it came with the message. */
  changes = 0;
  private content: Content | null;

  constructor(
    private readonly bytes: Buffer | null,
    private readonly contentType: string | null,
    /** Compressed bodies are passed on, but cannot be read. */
    private readonly isEncoded = false,
  ) {
    this.content = bytes === null || bytes.length === 0 ? NONE : null;
  }

  get form(): Payload['form'] {
    return this.read().form;
  }

  get isEmpty(): boolean {
    return this.content === NONE;
  }

  json(): Json | undefined {
    const content = this.read();
    if (content.form === 'json') return content.value;
    return content.form === 'xml' || content.form === 'form' ? JSON.parse(jsonTextOf(this.envelope())) : undefined;
  }

  envelope(): Document {
    const content = this.read();
    if (content.form === 'xml') return content.document;
    return built(() => envelopeFor(content));
  }

  text(): string {
    const content = this.read();
    switch (content.form) {
      case 'none':
        return '';
      case 'json':
        return content.text ?? JSON.stringify(content.value);
      case 'xml':
        return xmlText(content.document.documentElement);
      case 'binary':
        return content.bytes.toString('utf8');
      default:
        return content.text;
    }
  }

  setJson(json: Json): void {
    this.replace({ form: 'json', value: json, text: null });
  }

  /** Replaces it by JSON as written. @throws MediationError for a text that is none. */
  setJsonText(text: string): void {
    this.replace({ form: 'json', value: built(() => parsedJson(text), '0'), text });
  }

  setXml(element: Element): void {
    const known = this.content?.form === 'xml' ? this.content.document : null;
    if (known !== null && element === known.documentElement) this.replace({ form: 'xml', document: known });
    else if (isEnvelope(element)) this.replace({ form: 'xml', document: parseXml(xmlText(element)) });
    else this.replace({ form: 'xml', document: known === null ? envelopeOf(element) : withBody(known, element) });
  }

  setText(text: string): void {
    this.replace({ form: 'text', text });
  }

  clear(): void {
    this.replace(NONE);
  }

  /** Builds it now. @throws MediationError 601000 for a body that is not what it says. */
  build(): void {
    this.read();
  }

  /** Whether it leaves in another format than it has. */
  isOtherThan(messageType: string | null): boolean {
    return this.changes > 0 || (messageType !== null && !this.isEmpty && essenceOf(messageType) !== essenceOf(this.contentType));
  }

  /** The bytes in a format; in its own one where the format says nothing of what can be in it. @throws MediationError for what cannot be converted. */
  write(messageType: string | null): Buffer {
    if (this.bytes !== null && !this.isOtherThan(messageType)) return this.bytes;
    const content = this.read();
    return content.form === 'none' ? Buffer.alloc(0) : built(() => this.written(content, messageType));
  }

  /** The media type of what is written without a message type. */
  get ownType(): string {
    const { form } = this.read();
    if (this.changes === 0 && this.contentType !== null) return this.contentType;
    return OWN_TYPES[form];
  }

  private written(content: Content, messageType: string | null): Buffer {
    switch (familyOf(messageType)) {
      case 'json':
        if (content.form === 'xml' || content.form === 'form') return Buffer.from(jsonTextOf(this.envelope()));
        return Buffer.from(content.form === 'text' ? JSON.stringify({ text: content.text }) : this.text());
      case 'xml':
        return Buffer.from(this.bareXml());
      case 'soap':
        return Buffer.from(this.soap(essenceOf(messageType)));
      case 'form':
        return Buffer.from(content.form === 'form' ? content.text : formText(this.envelope()));
      default:
        if (content.form === 'binary') return content.bytes;
        return Buffer.from(content.form === 'xml' ? this.bareXml() : this.text());
    }
  }

  /** The body's element, or the envelope where there is nothing in its body or a header beside it that says more. */
  private bareXml(): string {
    const envelope = this.envelope();
    const element = payloadElement(envelope);
    return element === undefined ? '' : xmlText(element);
  }

  private soap(essence: string): string {
    const envelope = this.envelope();
    const root = envelope.documentElement;
    if (essence !== 'application/soap+xml' || root.namespaceURI === SOAP12 || partOf(envelope, 'Header')) return xmlText(root);
    return xmlText(envelopeOf(payloadElement(envelope) ?? null, SOAP12).documentElement);
  }

  private replace(content: Content): void {
    this.content = content;
    this.changes += 1;
  }

  private read(): Content {
    this.content ??= built(() => this.readBytes(this.bytes ?? Buffer.alloc(0)));
    return this.content;
  }

  private readBytes(bytes: Buffer): Content {
    const family = familyOf(this.contentType);
    if (family === 'binary') return { form: 'binary', bytes };
    if (this.isEncoded) throw new Error('The body is encoded');
    const text = strictText(bytes);
    if (text === undefined) throw new Error('The body is not in UTF-8');
    if (text.trim() === '' && family !== 'text') return NONE;
    switch (family) {
      case 'json':
        return { form: 'json', value: parsedJson(text), text };
      case 'xml':
      case 'soap': {
        const document = parseXml(text);
        return { form: 'xml', document: isEnvelope(document.documentElement) ? document : envelopeAround(document.documentElement) };
      }
      default:
        return { form: family, text };
    }
  }
}

const OWN_TYPES: Readonly<Record<Payload['form'], string>> = {
  none: 'application/octet-stream',
  json: 'application/json',
  xml: 'application/xml',
  text: 'text/plain',
  form: 'application/x-www-form-urlencoded',
  binary: 'application/octet-stream',
};

/** What cannot be read or converted is a fault of the message. */
const built = <T>(build: () => T, code = '601000'): T => {
  try {
    return build();
  } catch (err) {
    if (err instanceof MediationError) throw err;
    const reason = err instanceof SyntaxError ? 'The payload is not valid JSON' : err instanceof Error ? err.message : String(err);
    throw new MediationError(code, reason, { cause: err });
  }
};

const parsedJson = (text: string): Json => {
  const excess = jsonExcess(text, DEPTH);
  if (excess !== undefined) throw new Error(excess);
  return JSON.parse(text);
};

const jsonTextOf = (envelope: Document): string => {
  const element = payloadElement(envelope);
  return element === undefined ? '{}' : xmlToJson(xmlText(element));
};

const envelopeFor = (content: Content): Document => {
  switch (content.form) {
    case 'none':
      return envelopeOf(null);
    case 'json':
      return envelopeAround(parseXml(jsonToXml(content.text ?? JSON.stringify(content.value))).documentElement);
    case 'form':
      return envelopeAround(parseXml(formXml(content.text)).documentElement);
    case 'binary':
      return envelopeAround(wrapped('binary', content.bytes.toString('base64')));
    case 'text':
      return envelopeAround(wrapped('text', content.text));
    case 'xml':
      return content.document;
  }
};

const wrapped = (name: string, text: string): Element => {
  const { documentElement } = parseXml(`<${name} xmlns="${TEXT_NAMESPACE}"/>`);
  documentElement.appendChild(documentElement.ownerDocument.createTextNode(text));
  return documentElement;
};

const FIELD = /^[\p{L}_][\p{L}\p{N}_.-]*$/u;

const formXml = (text: string): string => {
  const fields = Array.from(new URLSearchParams(text)).filter(([name]) => FIELD.test(name));
  return `<xformValues>${fields.map(([name, value]) => `<${name}>${escapedXml(value)}</${name}>`).join('')}</xformValues>`;
};

const formText = (envelope: Document): string => {
  const element = payloadElement(envelope);
  const fields = element === undefined ? [] : childElements(element);
  return new URLSearchParams(fields.map(({ localName, textContent }): [string, string] => [localName, textContent ?? ''])).toString();
};

/** The envelope with another payload in its body. */
const withBody = (document: Document, element: Element): Document => {
  const body = partOf(document, 'Body');
  if (body === undefined) return envelopeOf(element);
  const copy = copyOf(element);
  while (body.firstChild) body.removeChild(body.firstChild);
  body.appendChild(copy);
  return document;
};
