import type { Exchange } from '../exchange.js';
import { headerOf, setHeader } from '../front/headers.js';
import type { Policy } from '../pipeline.js';
import { BodyEncoded, BodyIncomplete, BodyTooLarge, type Refusal } from '../refusal.js';
import type { BodyUse } from './flows.js';

/**
 * Takes in the request's body for the policies that follow, and announces its length to the backend. For those that want only the length, a body that
 * says its length streams on. One that is larger than `bytesMax` is refused.
 */
export const readRequestBody =
  (use: BodyUse, bytesMax: number): Policy =>
  (exchange) => {
    if (exchange.body !== null || exchange.bodyBytes === 0 || (use === 'length' && exchange.bodyBytes > 0)) return undefined;
    if (use === 'whole' && isEncoded(exchange.outbound)) return BodyEncoded;
    return takeInBody(bytesMax)(exchange);
  };

/** Takes in the request's body as it was sent, whatever its encoding, and announces its length. */
export const takeInBody =
  (bytesMax: number): Policy =>
  (exchange) => {
    if (exchange.body !== null || exchange.bodyBytes === 0) return undefined;
    return exchange.bodyBytes > bytesMax ? BodyTooLarge : collect(exchange, bytesMax);
  };

/** A body that policies cannot look into must not pass them unseen. */
const isEncoded = (headers: readonly string[]): boolean => {
  const encoding = headerOf(headers, 'content-encoding');
  return encoding !== null && !/^\s*(?:identity)?\s*$/i.test(encoding);
};

const collect = (exchange: Exchange, bytesMax: number): Promise<Refusal | undefined> =>
  new Promise((resolve) => {
    const { request, apiLog } = exchange;
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (apiLog !== null) apiLog.requestBody(chunk);
      if (bytes <= bytesMax) chunks.push(chunk);
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
