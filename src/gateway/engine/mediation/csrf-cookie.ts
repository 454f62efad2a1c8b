import { createHash } from 'node:crypto';
import { claimsOf } from '../credentials/claims.js';
import { headerOf } from '../front/headers.js';
import type { BuiltInPolicy } from './flows.js';
import { textOr } from './parameters.js';

const DEFAULT_COOKIE = 'atbv';

/**
 * A token that is bound to a cookie has to come with that cookie: the token says the cookie's MD5 in hexadecimal. Other tokens pass
 * (`reference/mediation.md` §8).
 */
export const validateCsrfCookie: BuiltInPolicy = {
  request: (parameters) => {
    const name = textOr(parameters, 'csrfCookieName', DEFAULT_COOKIE);
    return (exchange) => {
      const { token, api } = exchange;
      if (token === null || api === null) return undefined;
      const { binding_type: type, binding_ref: reference } = claimsOf(token);
      if (type !== 'cookie' || reference === undefined || reference === null) return undefined;
      const cookie = cookieOf(headerOf(exchange.outbound, 'cookie'), name);
      return cookie !== undefined && md5(cookie) === reference ? undefined : api.challenges.unbound;
    };
  },
};

/** The value of the first cookie of this name. */
const cookieOf = (header: string | null, name: string): string | undefined => {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=');
    if (equals >= 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
  }
  return undefined;
};

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
