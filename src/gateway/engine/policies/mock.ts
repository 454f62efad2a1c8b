import type { MockDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import type { Policy } from '../pipeline.js';
import { type Refusal, Reply } from '../refusal.js';

type Payloads = MockDocument['responses'][string];

const NOT_IMPLEMENTED: Payloads = {
  json: '{"code":501,"description":"Not Implemented"}',
  xml: '<response><code>501</code><description>Not Implemented</description></response>',
};
/** A status that an answer can end with. */
const STATUS = /^[2-5][0-9][0-9]$/;

/** Answers for a backend that is not there yet, as the operation's generated script says (`reference/publisher.md` §13); 501 without one. */
export const mock =
  (document: MockDocument | undefined): Policy =>
  (exchange) => {
    const asked = askedStatus(exchange.rest) || (document?.usual ?? '501');
    const isStatus = STATUS.test(asked);
    const response = document && responseFor(document.responses, isStatus ? asked : null);
    if (response === undefined) return answer(501, NOT_IMPLEMENTED, exchange);
    return answer(isStatus ? Number(asked) : 200, response, exchange);
  };

const responseFor = (responses: MockDocument['responses'], status: string | null): Payloads | undefined =>
  (status === null ? undefined : (responses[status] ?? responses[`${status[0]}XX`])) ?? responses['default'];

const askedStatus = (rest: string): string => {
  const query = rest.indexOf('?');
  return query < 0 ? '' : new URLSearchParams(rest.slice(query)).getAll('responseCode').join('&');
};

const answer = (status: number, { json, xml }: Payloads, exchange: Exchange): Refusal => {
  if (status === 204 || status === 304) return new Reply(status, '');
  const accept = (exchange.accept ?? headerOf(exchange.outbound, 'accept') ?? '').toLowerCase();
  const prefersXml = accept.includes('xml') && !accept.includes('json');
  if (xml !== undefined && (prefersXml || json === undefined)) return new Reply(status, xml, [], 'application/xml');
  return new Reply(status, json ?? '{}');
};
