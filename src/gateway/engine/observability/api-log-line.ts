import type { LogLevel } from '../../../domain/api-logging.js';
import { logDate } from '../../../domain/correlation.js';
import { headerOf } from '../front/headers.js';
import { isCredentialHeader } from './access-pattern.js';
import { maskedUrl } from './masked-url.js';
import type { Payload } from './payloads.js';

export type Flow = 'REQUEST_IN' | 'REQUEST_OUT' | 'RESPONSE_IN' | 'RESPONSE_OUT';

/** One message of a call, as its line tells it. */
export interface FlowRecord {
  readonly level: Exclude<LogLevel, 'OFF'>;
  readonly flow: Flow;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly api: string;
  /** What the client asked for, credentials masked. */
  readonly apiTo: string;
  readonly correlationId: string | null;
  readonly verb: string;
  /** Of a request. */
  readonly sourceIP?: string;
  /** Of an answer. */
  readonly statusCode?: number;
  /** Names and values in turn, as they came or will leave. */
  readonly headers: readonly string[];
  /** Names of headers that hold credentials besides those that always do, in lower case. */
  readonly credentials: readonly string[];
  /** Null where there is none to be written. */
  readonly payload: Payload | null;
}

const MASK = '***';
/** Names of headers that tell who somebody is, or let somebody in, whoever thought of them. */
const CREDENTIAL = /auth(?!enticate)|token|secret|passw|cookie|api[-_]?key|subscription-key|assertion|credential|signature|internal-key/;
/** The same by their look, such as the token that tells a backend who calls: its header may have any name. */
const CREDENTIAL_VALUE = /^(?:basic|bearer|digest)\s|\beyJ[\w-]{5,}\.[\w-]/i;
const WITH_ADDRESS: ReadonlySet<string> = new Set(['referer', 'location', 'content-location']);

const maskedHeader = (name: string, value: string, credentials: readonly string[]): string => {
  const lower = name.toLowerCase();
  // A challenge names the scheme as a credential does, and is none.
  const looksSo = !lower.endsWith('-authenticate') && CREDENTIAL_VALUE.test(value);
  const isCredential = looksSo || isCredentialHeader(lower) || CREDENTIAL.test(lower) || credentials.includes(lower);
  if (isCredential) return `${name}=${MASK}`;
  return `${name}=${WITH_ADDRESS.has(lower) ? maskedUrl(value) : value}`;
};

const headersOf = ({ headers, credentials }: FlowRecord): readonly string[] => {
  const shown: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    // HTTP/2 has the request line among them, which stands elsewhere.
    if (!name.startsWith(':')) shown.push(maskedHeader(name, headers[i + 1] ?? '', credentials));
  }
  return shown;
};

const payloadOf = (payload: Payload, headers: readonly string[]): object => {
  const encoding = headerOf(headers, 'content-encoding') ?? 'identity';
  const text = encoding === 'identity' ? payload.text() : null;
  if (text === null) return { payload: `[${encoding === 'identity' ? 'binary' : encoding}, ${payload.bytes} bytes]` };
  return payload.isCut ? { payload: text, payloadBytes: payload.bytes } : { payload: text };
};

/** `[date] LEVEL {API_LOG} <name> - <JSON>` (`reference/operations.md` §8). JSON escapes what could end a line. */
export const apiLogLine = (record: FlowRecord): string => {
  const { level, flow, at, api, apiTo, correlationId, verb, sourceIP, statusCode, payload } = record;
  const entry = {
    apiTo,
    correlationId,
    flow,
    verb,
    ...(sourceIP !== undefined && { sourceIP }),
    ...(statusCode !== undefined && { statusCode }),
    ...(level !== 'BASIC' && { headers: headersOf(record) }),
    ...(payload !== null && payload.bytes > 0 && payloadOf(payload, record.headers)),
  };
  return `[${logDate(at)}] INFO {API_LOG} ${api} - ${JSON.stringify(entry)}\n`;
};
