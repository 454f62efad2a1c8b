import type { Exchange } from '../exchange.js';
import { headerOf, removeHeader, setHeader } from '../front/headers.js';
import { BackendFault, Refusal } from '../refusal.js';
import type { AnswerStep, BuiltInPolicy } from './flows.js';
import { jsonExcess } from './json-threats.js';
import { jsonToXml } from './json-to-xml.js';
import { mediaTypeOf, strictText } from './threats.js';
import { xmlToJson } from './xml-to-json.js';

const JSON_TYPE = /^(?:application|text)\/(?:[^/]+\+)?json$/;
const XML_TYPE = /^(?:application|text)\/(?:[^/]+\+)?xml$/;
const NOTHING_BUT_DEPTH = { properties: Infinity, stringLength: Infinity, elements: Infinity, keyLength: Infinity, depth: 500 };

/** A format that a body may be turned into. */
interface Format {
  /** Media types that can be turned into it. */
  readonly from: RegExp;
  readonly contentType: string;
  readonly convert: (text: string) => string;
}

const TO_XML: Format = {
  from: JSON_TYPE,
  contentType: 'application/xml; charset=UTF-8',
  convert: (text) => {
    const excess = jsonExcess(text, NOTHING_BUT_DEPTH);
    if (excess !== undefined) throw new Error(excess);
    return jsonToXml(text);
  },
};
const TO_JSON: Format = { from: XML_TYPE, contentType: 'application/json', convert: xmlToJson };

/** The body in the format, whose type the headers then name; undefined where there is nothing to convert, a fault where it is not what it claims to be. */
const converted = (headers: string[], body: Buffer | null, { from, contentType, convert }: Format): Buffer | Refusal | undefined => {
  if (body === null || body.length === 0 || !from.test(mediaTypeOf(headers))) return undefined;
  if (headerOf(headers, 'content-encoding') !== null) return unreadable('The body is encoded');
  const text = strictText(body);
  if (text === undefined) return unreadable('The body is not in UTF-8');
  try {
    const result = Buffer.from(convert(text));
    setHeader(headers, 'Content-Type', 'content-type', contentType);
    return result;
  } catch (err) {
    return unreadable(err instanceof SyntaxError ? 'The body is no JSON' : err instanceof Error ? err.message : String(err));
  }
};

const unreadable = (description: string): Refusal => new BackendFault('601000', description);

const convertRequest = (exchange: Exchange, format: Format): Refusal | undefined => {
  const body = converted(exchange.outbound, exchange.body, format);
  if (body === undefined || body instanceof Refusal) return body;
  exchange.body = body;
  setHeader(exchange.outbound, 'Content-Length', 'content-length', String(body.length));
  return undefined;
};

const converter =
  (format: Format): AnswerStep =>
  (answer) => {
    const body = converted(answer.headers, answer.body, format);
    if (body === undefined || body instanceof Refusal) return body;
    answer.body = body;
    return undefined;
  };

const converting = (format: Format): BuiltInPolicy => ({
  requestBody: 'whole',
  responseBody: 'whole',
  request: () => (exchange) => convertRequest(exchange, format),
  response: () => converter(format),
});

export const jsonToXmlPolicy = converting(TO_XML);
export const xmlToJsonPolicy = converting(TO_JSON);

/** Remembers the client's `Accept` and hides it from the backend. */
export const preserveAcceptHeader: BuiltInPolicy = {
  request: () => (exchange) => {
    exchange.accept = headerOf(exchange.outbound, 'accept');
    removeHeader(exchange.outbound, 'accept');
    return undefined;
  },
};

/** Sends the body to the backend in the first media type that the remembered `Accept` names. */
export const applyAcceptHeader: BuiltInPolicy = {
  requestBody: 'whole',
  request: () => (exchange) => {
    const type = exchange.accept?.split(/[,;]/, 1)[0]?.trim().toLowerCase() ?? '';
    if (XML_TYPE.test(type)) return convertRequest(exchange, TO_XML);
    return JSON_TYPE.test(type) ? convertRequest(exchange, TO_JSON) : undefined;
  },
};
