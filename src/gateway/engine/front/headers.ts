import type { Exchange } from '../exchange.js';
import { CORRELATION_HEADER, isCorrelationId } from '../observability/correlation.js';
import { MalformedRequest, type Refusal } from '../refusal.js';
import { takesTrailers } from './trailers.js';

/** What the gateway does with a request header. */
enum Kind {
  Forward,
  Drop,
  Connection,
  Host,
  ContentLength,
  TransferEncoding,
  Origin,
  RequestMethod,
  RequestHeaders,
  ForwardedFor,
  InternalKey,
  CorrelationId,
  Explain,
  TransferCodings,
}

/** The usual name of the header in which load balancers pass on clients' certificates. */
export const CERTIFICATE_HEADER = 'x-wso2-client-certificate';

const KINDS: Readonly<Record<string, Kind>> = {
  connection: Kind.Connection,
  host: Kind.Host,
  'content-length': Kind.ContentLength,
  'transfer-encoding': Kind.TransferEncoding,
  origin: Kind.Origin,
  'access-control-request-method': Kind.RequestMethod,
  'access-control-request-headers': Kind.RequestHeaders,
  'x-forwarded-for': Kind.ForwardedFor,
  // Never goes on to the backend either.
  'internal-key': Kind.InternalKey,
  [CORRELATION_HEADER]: Kind.CorrelationId,
  'x-gateway-explain': Kind.Explain,
  // Hop by hop (RFC 9110 §7.6.1), and what is between the client and us only.
  'keep-alive': Kind.Drop,
  'proxy-connection': Kind.Drop,
  'proxy-authorization': Kind.Drop,
  te: Kind.TransferCodings,
  trailer: Kind.Drop,
  upgrade: Kind.Drop,
  expect: Kind.Drop,
  // Servers in the manner of CGI would take these for the headers that frame the body.
  content_length: Kind.Drop,
  transfer_encoding: Kind.Drop,
  // Credentials of the gateway and its internal marks (`reference/gateway.md` §14).
  [CERTIFICATE_HEADER]: Kind.Drop,
  x_wso2_client_certificate: Kind.Drop,
  wso2_am_api_default_version: Kind.Drop,
};

/** Kinds by the spellings seen in practice, so that most names need no lower-casing; by length first, as most names are none of ours. */
const BY_LENGTH: (Map<string, Kind> | undefined)[] = [];
for (const [name, kind] of Object.entries(KINDS)) {
  const known = BY_LENGTH[name.length] ?? new Map<string, Kind>();
  BY_LENGTH[name.length] = known;
  known.set(name, kind);
  known.set(
    name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase()),
    kind,
  );
}

const kindOf = (name: string): Kind => {
  const known = BY_LENGTH[name.length];
  if (known === undefined) return Kind.Forward;
  return known.get(name) ?? known.get(name.toLowerCase()) ?? Kind.Forward;
};

/** Whether two header names are the same; `lower` is in lower case. */
export const isHeader = (name: string, lower: string): boolean =>
  name.length === lower.length && (name === lower || name.toLowerCase() === lower);

/** A name or an address with an optional port (RFC 3986 §3.2.2); what else it might hold, some would read as another host. */
const HOST = /^[\w.\-~!$&'()*+,;=%:[\]]*$/;

/**
 * Reads the request's header block once: notes what the policies ask for and collects what goes on to the backend. The API's own
 * credential headers never go on by themselves; the authenticators put back what they do not consume. Refuses what a backend or a proxy might
 * read in another way: a second `Host`, none or one that names no host, a transfer coding besides `chunked`, a length that no number holds (RFC 9112 §3.2, §6).
 */
export const readHeaders = (exchange: Exchange, authHeader: string, apiKeyHeader: string): Refusal | undefined => {
  const raw = exchange.request.rawHeaders;
  const { outbound } = exchange;
  let named: string | null = null;
  let hasHost = false;
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const value = raw[i + 1] ?? '';
    if (isHeader(name, authHeader)) {
      exchange.authorization ??= value;
      continue;
    }
    if (isHeader(name, apiKeyHeader)) {
      exchange.presentedKey ??= value;
      continue;
    }
    switch (kindOf(name)) {
      case Kind.Forward:
        outbound.push(name, value);
        break;
      case Kind.Drop:
        break;
      case Kind.Connection:
        if (value !== 'keep-alive' && value !== 'close') named = named === null ? value : `${named},${value}`;
        break;
      case Kind.Host:
        if (hasHost || !HOST.test(value)) return MalformedRequest;
        hasHost = true;
        exchange.host = value;
        break;
      case Kind.ContentLength:
        exchange.bodyBytes = exchange.bodyBytes < 0 ? -1 : Number(value);
        if (!Number.isSafeInteger(exchange.bodyBytes)) return MalformedRequest;
        outbound.push(name, value);
        break;
      case Kind.TransferEncoding:
        if (exchange.bodyBytes < 0 || (value !== 'chunked' && value.toLowerCase() !== 'chunked')) return MalformedRequest;
        exchange.bodyBytes = -1;
        break;
      case Kind.Origin:
        exchange.origin = value;
        outbound.push(name, value);
        break;
      case Kind.RequestMethod:
        exchange.requestedMethod = value;
        outbound.push(name, value);
        break;
      case Kind.RequestHeaders:
        exchange.requestedHeaders = value;
        outbound.push(name, value);
        break;
      case Kind.ForwardedFor:
        exchange.forwardedFor ??= value;
        outbound.push(name, value);
        break;
      case Kind.InternalKey:
        exchange.internalKey ??= value;
        break;
      case Kind.CorrelationId:
        // One that could do harm in a log or an answer is none.
        if (exchange.correlationId !== null || !isCorrelationId(value)) break;
        exchange.correlationId = value;
        outbound.push(name, value);
        break;
      case Kind.Explain:
        exchange.explain ??= value;
        break;
      case Kind.TransferCodings:
        // What the gateway passes on of the codings that a client takes.
        if (takesTrailers(value)) outbound.push(name, 'trailers');
        break;
    }
  }
  if (named !== null) dropNamed(outbound, named);
  // Chunks came with HTTP/1.1: whoever passed them on with an older version did not understand them.
  if (exchange.bodyBytes < 0 && exchange.request.httpVersion === '1.0') return MalformedRequest;
  return hasHost || exchange.request.httpVersion !== '1.1' ? undefined : MalformedRequest;
};

/** Gives a header one value in place of all that it had; `lower` is its name in lower case. */
export const setHeader = (headers: string[], name: string, lower: string, value: string): void => {
  removeHeader(headers, lower);
  headers.push(name, value);
};

/** Gives headers, names and values in turn, their values in place of all that they had. */
export const setHeaders = (headers: string[], given: readonly string[]): void => {
  for (let i = 0; i < given.length; i += 2) removeHeader(headers, (given[i] ?? '').toLowerCase());
  headers.push(...given);
};

/** Gives the headers the request's correlation id in place of any other. */
export const correlate = (headers: string[], id: string): void => setHeader(headers, CORRELATION_HEADER, CORRELATION_HEADER, id);

/** Takes a header off, all its values; `lower` is its name in lower case. */
export const removeHeader = (headers: string[], lower: string): void => {
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (isHeader(name, lower)) continue;
    if (kept !== i) {
      headers[kept] = name;
      headers[kept + 1] = headers[i + 1] ?? '';
    }
    kept += 2;
  }
  headers.length = kept;
};

/** Takes a header off and what some backends take for it: servers in the manner of CGI read `_` and `-` alike. */
export const removeLookalikes = (headers: string[], lower: string): void => {
  const dashed = lower.replaceAll('_', '-');
  for (let i = headers.length - 2; i >= 0; i -= 2) {
    const name = headers[i] ?? '';
    if (name.length === lower.length && name.toLowerCase().replaceAll('_', '-') === dashed) headers.splice(i, 2);
  }
};

/** The value of a header, its first one; null when it is not there. */
export const headerOf = (headers: readonly string[], lower: string): string | null => {
  for (let i = 0; i < headers.length; i += 2) if (isHeader(headers[i] ?? '', lower)) return headers[i + 1] ?? '';
  return null;
};

/** All values of a header. */
export const valuesOf = (headers: readonly string[], lower: string): readonly string[] =>
  headers.filter((_, i) => i % 2 === 1 && isHeader(headers[i - 1] ?? '', lower));

/** Removes the headers that `Connection` names; `Content-Length` stays, as it frames the body. */
const dropNamed = (headers: string[], connection: string): void => {
  const names = new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
  names.delete('content-length');
  let kept = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (names.has(name.toLowerCase())) continue;
    headers[kept] = name;
    headers[kept + 1] = headers[i + 1] ?? '';
    kept += 2;
  }
  headers.length = kept;
};

const RESPONSE_DROPPED = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']);
/** By length of the name: most names need no closer look. */
const DROPPED_LENGTHS: boolean[] = [];
for (const { length } of RESPONSE_DROPPED) DROPPED_LENGTHS[length] = true;

/** The head of a backend's answer, ready for the client. */
export interface AnswerHead {
  readonly headers: string[];
  /** Announced length of the body, or -1. */
  readonly contentLength: number;
}

/**
 * Takes over a backend's raw header pairs: hop-by-hop headers go, a `Location` below the backend's root is moved to `base`, and the gateway's
 * CORS headers are added unless the backend set its own.
 */
export const answerHead = (raw: readonly (Buffer | string)[], base: () => string, cors: readonly string[] | null): AnswerHead => {
  const headers: string[] = [];
  let contentLength = -1;
  let hasCors = false;
  let named: string | null = null;
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]);
    let value = text(raw[i + 1]);
    const { length } = name;
    if (DROPPED_LENGTHS[length] === true && RESPONSE_DROPPED.has(name.toLowerCase())) {
      if (length === 10 && value !== 'keep-alive' && value !== 'close' && isHeader(name, 'connection')) named = value;
      continue;
    }
    if (length === 14 && isHeader(name, 'content-length')) {
      // A repeated length would be forwarded twice; undici has already refused differing ones.
      if (contentLength >= 0) continue;
      contentLength = Number(value);
    } else if (length === 8 && value.startsWith('/') && !value.startsWith('//') && isHeader(name, 'location')) {
      value = base() + value;
    } else if (length === 27 && isHeader(name, 'access-control-allow-origin')) {
      hasCors = true;
    }
    headers.push(name, value);
  }
  if (named !== null) dropNamed(headers, named);
  if (cors !== null && !hasCors) headers.push(...cors);
  return { headers, contentLength };
};

/** Adds the gateway's CORS headers to an answer that has none of its own. */
export const addCors = (headers: string[], cors: readonly string[] | null): void => {
  if (cors !== null && headerOf(headers, 'access-control-allow-origin') === null) headers.push(...cors);
};

const text = (part: Buffer | string | undefined): string =>
  typeof part === 'string' ? part : part === undefined ? '' : part.toString('latin1');
