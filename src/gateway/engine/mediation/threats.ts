import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import { Refusal } from '../refusal.js';

/** What a threat policy answers (`reference/gateway.md` §16). */
export const threat = (description: string): Refusal =>
  new Refusal(400, JSON.stringify({ code: '400', message: 'Bad Request', description }), 'other');

/** The media type of the request, in lower case and without its parameters; empty when there is none. */
export const mediaTypeOf = (headers: readonly string[]): string =>
  (headerOf(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** The request's body where a threat policy is to look at it: one of these types, and not that of a GET (`reference/mediation.md` §8). */
export const bodyToCheck = ({ request, body, outbound }: Exchange, types: readonly string[]): Buffer | null =>
  body !== null && body.length > 0 && request.method !== 'GET' && types.includes(mediaTypeOf(outbound)) ? body : null;

/** The body as text; undefined when it is none in UTF-8, as a backend could read it differently. */
export const strictText = (body: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
};
