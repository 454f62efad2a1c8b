import type { Exchange } from '../exchange.js';
import { verifyJwt } from '../jwt.js';
import type { LinkedApi } from '../link.js';
import type { PipelineDeps } from '../pipeline.js';
import type { Authenticator } from './authenticate.js';

const BEARER = /^bearer(?:\s+|$)/i;
const QUOTES = /^"(.*)"$/;

/** The bearer token among the comma-separated credentials of a header, without quotes; null when there is none. */
export const bearerToken = (value: string): string | null => {
  // The usual form first, which needs no splitting.
  if (value.startsWith('Bearer ') && value.indexOf(',') < 0 && value.indexOf('"') < 0) return value.slice(7).trim() || null;
  for (const part of value.split(',')) {
    const segment = part.trim().replace(QUOTES, '$1');
    if (BEARER.test(segment)) return segment.replace(BEARER, '').trim().replace(QUOTES, '$1') || null;
  }
  return null;
};

/** What of the header goes on to the backend: every credential but the bearer token; null when nothing is left. */
export const withoutBearer = (value: string): string | null => {
  if (value.startsWith('Bearer ') && value.indexOf(',') < 0) return null;
  const kept = value.split(',').filter((part) => part.trim() !== '' && !BEARER.test(part.trim().replace(QUOTES, '$1')));
  return kept.length === 0 ? null : kept.join(',').trim();
};

/** OAuth2 access tokens that are JWTs (`reference/key-manager.md` §4.1). Any other token is refused as an invalid credential. */
export const jwtAuthenticator = (api: LinkedApi, deps: PipelineDeps): Authenticator => {
  const { snapshot, tokens } = deps;
  const { invalid } = api.challenges;
  const headerName = api.credentialHeaders[0] ?? api.authHeader;
  const keyManagerOf = (issuer: string) => snapshot.keyManagerOf(api.organization, issuer);

  const verified = (presented: string, now: number) => {
    const known = tokens.get(presented);
    if (known !== undefined && snapshot.isKeyManagerOf(api.organization, known.keyManager)) return known;
    const token = bearerToken(presented);
    const fresh = token === null ? undefined : verifyJwt(presented, token, keyManagerOf, snapshot.keyWanted, now);
    if (fresh !== undefined) tokens.put(fresh);
    return fresh;
  };

  return {
    identify(exchange: Exchange) {
      const presented = exchange.authorization;
      if (presented === null) return 'absent';
      const token = verified(presented, exchange.now);
      if (token === undefined) return bearerToken(presented) === null ? 'absent' : invalid;
      if (token.expiresAt <= exchange.now || snapshot.isRevoked(token)) return invalid;
      if (api.keyManagers !== null && !api.keyManagers.has(token.keyManager.document.name)) return invalid;
      exchange.token = token;
      return undefined;
    },

    strip(exchange: Exchange) {
      if (exchange.authorization === null) return;
      const kept = deps.enableOutboundAuthHeader ? exchange.authorization : withoutBearer(exchange.authorization);
      if (kept !== null) exchange.outbound.push(headerName, kept);
    },
  };
};
