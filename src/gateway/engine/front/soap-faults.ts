import type { Exchange } from '../exchange.js';
import type { Answer } from '../mediation/flows.js';
import { MessageBlocked, NoApi, type Refusal, Reply } from '../refusal.js';

/** A refusal as it is told to those who speak SOAP. */
interface SoapFault {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

const UNKNOWN_ENDPOINT = 'The requested endpoint is not available.';
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Rendered when the first of them is asked for; null for those that stay as they are. */
const rendered = new WeakMap<Refusal, SoapFault | null>();

/** The SOAP 1.1 fault of a refusal, for a request that is recognised as SOAP; null where the refusal is answered as it is (`reference/gateway.md` §10). */
export const soapFault = (refusal: Refusal, exchange: Exchange): SoapFault | null => {
  if (refusal.body.length === 0 || refusal instanceof Reply || !isSoap(exchange)) return null;
  const known = rendered.get(refusal);
  if (known !== undefined) return known;
  const fault = render(refusal);
  rendered.set(refusal, fault);
  return fault;
};

/** Makes the SOAP 1.1 fault of an answer in JSON that a fault has ended with, for a request that is recognised as SOAP. */
export const tellInSoap = (answer: Answer, exchange: Exchange): void => {
  if (answer.body === null || answer.body.length === 0 || !isSoap(exchange)) return;
  const { description = '', message = '' }: Told = JSON.parse(answer.body.toString());
  answer.body = Buffer.from(faultEnvelope('Server', description || message, null));
  answer.headers = [...FAULT_TYPE, ...others(answer.headers)];
};

/** SOAP 1.1 is XML with an action, SOAP 1.2 has a media type of its own; whoever calls a SOAP API speaks one of them. */
export const isSoap = ({ api, request }: Exchange): boolean => {
  if (api?.document.type === 'SOAP') return true;
  const { 'content-type': type = '', soapaction } = request.headers;
  return /^\s*application\/soap\+xml\s*(?:;|$)/i.test(type) || (soapaction !== undefined && /^\s*text\/xml\s*(?:;|$)/i.test(type));
};

interface Told {
  readonly type?: string;
  readonly message?: string;
  readonly description?: string;
}

const render = (refusal: Refusal): SoapFault | null => {
  const { type, message = '', description = '' }: Told = JSON.parse(refusal.body.toString());
  if (refusal === NoApi) return envelope(refusal, 'Server', UNKNOWN_ENDPOINT, null);
  if (type === 'Status report') return envelope(refusal, 'Server', description, null);
  // The blocked API, threats and messages that are not valid have one form only.
  if (type !== undefined || refusal.kind === 'other') return null;
  if (refusal.kind === 'throttled' || refusal === MessageBlocked) return envelope(refusal, 'Server', message, description);
  return envelope(refusal, 'Client', 'Authentication Failure', message);
};

const envelope = ({ status, headers }: Refusal, code: 'Client' | 'Server', reason: string, detail: string | null): SoapFault => {
  const body = Buffer.from(faultEnvelope(code, reason, detail));
  return { status, headers: [...FAULT_TYPE, 'Content-Length', String(body.length), ...others(headers)], body };
};

/** A SOAP 1.1 fault. */
export const faultEnvelope = (code: 'Client' | 'Server', reason: string, detail: string | null): string => {
  const inside = `<faultcode>soapenv:${code}</faultcode><faultstring>${escaped(reason)}</faultstring>${
    detail === null ? '' : `<detail>${escaped(detail)}</detail>`
  }`;
  return (
    `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">` +
    `<soapenv:Body><soapenv:Fault>${inside}</soapenv:Fault></soapenv:Body></soapenv:Envelope>`
  );
};

const FAULT_TYPE: readonly string[] = ['Content-Type', 'text/xml; charset=UTF-8'];

const others = (headers: readonly string[]): readonly string[] => {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!/^content-(?:type|length)$/i.test(name)) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
};

const escaped = (text: string): string => text.replace(/[&<>]/g, (character) => ENTITIES[character] ?? character);
