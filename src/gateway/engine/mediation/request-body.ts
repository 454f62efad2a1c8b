import type { Exchange } from '../exchange.js';
import { headerOf, setHeader } from '../headers.js';
import type { Policy } from '../pipeline.js';
import { BodyEncoded, BodyIncomplete, BodyTooLarge, type Refusal } from '../refusal.js';
import type { BodyUse } from './flows.js';

/** Bodies that policies read are held in memory; larger ones are refused. */
export const MEDIATED_BYTES_MAX = 10 * 1_048_576;

/**
 * Takes in the request's body for the policies that follow, and announces its length to the backend. For those that want only the length, a body that
 * says its length streams on.
 */
export const readRequestBody =
  (use: BodyUse): Policy =>
  (exchange) => {
    if (exchange.body !== null || exchange.bodyBytes === 0 || (use === 'length' && exchange.bodyBytes > 0)) return undefined;
    if (use === 'whole' && isEncoded(exchange.outbound)) return BodyEncoded;
    return exchange.bodyBytes > MEDIATED_BYTES_MAX ? BodyTooLarge : collect(exchange);
  };

/** A body that policies cannot look into must not pass them unseen. */
const isEncoded = (headers: readonly string[]): boolean => {
  const encoding = headerOf(headers, 'content-encoding');
  return encoding !== null && !/^\s*(?:identity)?\s*$/i.test(encoding);
};

const collect = (exchange: Exchange): Promise<Refusal | undefined> =>
  new Promise((resolve) => {
    const { request } = exchange;
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MEDIATED_BYTES_MAX) chunks.push(chunk);
      else {
        // What still comes is read and dropped, so that the client gets to read the answer.
        chunks.length = 0;
        resolve(BodyTooLarge);
      }
    });
    request.on('end', () => {
      exchange.body = Buffer.concat(chunks);
      setHeader(exchange.outbound, 'Content-Length', 'content-length', String(exchange.body.length));
      resolve(undefined);
    });
    request.on('close', () => resolve(BodyIncomplete));
    request.on('error', () => resolve(BodyIncomplete));
  });
