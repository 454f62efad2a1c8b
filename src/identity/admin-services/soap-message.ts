import { readXml, type XmlElement } from '../../gateway/engine/mediation/read-xml.js';
import { MessageInvalid, VersionMismatch } from './admin-services.problems.js';

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** Far beyond any request to these services. */
const LIMITS = { depth: 20, elements: 20_000, attributes: 50, attributeLength: 4096, children: 20_000 };
/** What XML 1.0 (§2.2) has no place for, not even as a reference. */
const UNWRITABLE = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;
const NIL_ATTRIBUTE = /(?:^|:)nil$/;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;

/** The name without its prefix. */
export const localName = ({ name }: XmlElement): string => name.slice(name.indexOf(':') + 1);

/** Whether an element says that it holds no value. */
export const isNil = ({ attributes }: XmlElement): boolean =>
  attributes.some(([name, value]) => NIL_ATTRIBUTE.test(name) && (value === 'true' || value === '1'));

/** The text of a message in the encoding that its content type names; UTF-8 when it names none. @throws MessageInvalid (400). */
export const decoded = (bytes: Uint8Array, contentType: string): string => {
  const charset = CHARSET.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    throw MessageInvalid(`it is not encoded in ${charset.slice(0, 40)}`);
  }
};

/**
 * The first element of an envelope's body. Document types, and with them entities, are refused; so is what is nested too deeply. Header blocks are passed
 * over. @throws MessageInvalid, VersionMismatch (400).
 */
export const payloadOf = (text: string): XmlElement => {
  if (text.search(UNWRITABLE) >= 0) throw MessageInvalid('it holds a character that XML does not allow');
  const envelope = read(text);
  if (localName(envelope) !== 'Envelope') throw MessageInvalid('it is no SOAP envelope');
  if (namespaceOf(envelope) !== SOAP11) throw VersionMismatch();
  const body = envelope.children.find((part) => localName(part) === 'Body');
  const [payload] = body?.children ?? [];
  if (!payload) throw MessageInvalid('its body is empty');
  return payload;
};

const read = (text: string): XmlElement => {
  try {
    return readXml(text, LIMITS);
  } catch (err) {
    // The reader throws nothing but what is wrong with the text.
    throw MessageInvalid(err instanceof Error ? err.message : String(err));
  }
};

/** The namespace of a document's root, which nothing encloses. */
const namespaceOf = ({ name, attributes }: XmlElement): string | undefined => {
  const colon = name.indexOf(':');
  const declaration = colon < 0 ? 'xmlns' : `xmlns:${name.slice(0, colon)}`;
  return attributes.find(([attribute]) => attribute === declaration)?.[1];
};

/** An object of a service, its fields in the order of the schema. */
export interface SoapBean {
  readonly namespace: string;
  readonly fields: readonly (readonly [name: string, value: SoapValue])[];
}

/** What an operation returns; null is `xsi:nil`, and so is the one item of an empty list. */
export type SoapValue = string | number | boolean | null | SoapBean | readonly SoapValue[];

const isList = (value: SoapValue): value is readonly SoapValue[] => Array.isArray(value);

/** A text between tags. What XML cannot hold becomes U+FFFD. */
const escaped = (text: string): string =>
  text
    .replace(UNWRITABLE, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    // A reader would take it for the end of a line.
    .replaceAll('\r', '&#13;');

const element = (prefix: string, name: string, value: SoapValue, depth = 1): string => {
  if (isList(value)) return (value.length === 0 ? [null] : value).map((item) => element(prefix, name, item, depth)).join('');
  if (value === null) return `<${prefix}:${name} xmlns:xsi="${XSI}" xsi:nil="true"/>`;
  if (typeof value !== 'object') return `<${prefix}:${name}>${escaped(String(value))}</${prefix}:${name}>`;
  const own = `ax${depth}`;
  const fields = value.fields.map(([field, content]) => element(own, field, content, depth + 1)).join('');
  return `<${prefix}:${name} xmlns:${own}="${value.namespace}">${fields}</${prefix}:${name}>`;
};

const envelope = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="${SOAP11}"><soapenv:Body>${content}</soapenv:Body></soapenv:Envelope>`;

/** The answer of an operation: its value, or nil for one that returns nothing. */
export const responseOf = (namespace: string, operation: string, value: SoapValue): string =>
  envelope(`<ns:${operation}Response xmlns:ns="${namespace}">${element('ns', 'return', value)}</ns:${operation}Response>`);

export interface Fault {
  readonly code: string;
  readonly text: string;
  /** The exception's element, where the operation itself failed (SOAP 1.1 §4.4). */
  readonly detail?: { readonly namespace: string; readonly name: string };
}

export const faultOf = ({ code, text, detail }: Fault): string => {
  const exception = detail ? `<detail><ns:${detail.name} xmlns:ns="${detail.namespace}"/></detail>` : '';
  return envelope(`<soapenv:Fault><faultcode>${code}</faultcode><faultstring>${escaped(text)}</faultstring>${exception}</soapenv:Fault>`);
};
