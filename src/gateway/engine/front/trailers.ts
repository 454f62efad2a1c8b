import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from '../exchange.js';

/** What would change how a message is read has no place after it (RFC 9110 §6.5.1). */
const REFUSED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-length',
  'content-range',
  'content-type',
  'cookie',
  'host',
  'keep-alive',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Whether a `TE` field says that trailers are welcome. */
export const takesTrailers = (te: string | string[] | undefined): boolean =>
  te !== undefined && /(?:^|,)\s*trailers\s*(?:,|$)/i.test(String(te));

/** Puts what a backend sends after its body after the answer's, for a client that says it takes that (RFC 9110 §10.1.4). */
export const addTrailers = ({ request, reply }: Exchange, trailers: IncomingHttpHeaders): void => {
  const names = Object.keys(trailers);
  if (names.length === 0 || !takesTrailers(request.headers.te)) return;
  const passed: Record<string, string> = {};
  for (const name of names) if (!REFUSED.has(name.toLowerCase()) && !name.startsWith(':')) passed[name] = String(trailers[name]);
  reply.addTrailers(passed);
};
