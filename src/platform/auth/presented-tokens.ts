import type { Request } from 'express';

const BEARER = /^Bearer +(\S+)$/i;
/** What tokens are made of (RFC 6750's `b64token`): a cookie with anything else is no half of one. */
const HALF = /^[A-Za-z0-9._~+/-]{1,8192}=*$/;
const WHOLE_JWT = /^[^.]+\.[^.]+\.[^.]+$/;
const GOVERNANCE = /^\/api\/am\/governance\//;

const OWN_HALF = 'AM_ACC_TOKEN_DEFAULT_P2';
/** The governance API is shared by two portals, each of which brings its own half. */
const GOVERNANCE_HALVES: readonly string[] = ['AM_PUBLISHER_ACC_TOKEN_DEFAULT_P2', 'AM_ADMIN_ACC_TOKEN_DEFAULT_P2', OWN_HALF];
/** Each one that is tried costs a check of a signature. */
const HALVES_MAX = 6;

/**
 * What may be the caller's token, the likeliest first. Web clients send its first half in the `Authorization` header and keep the second in a
 * cookie that no script can read (`reference/web-clients.md`); more than one cookie may be in reach, and only one of them fits. A cookie without the
 * header means nothing, which is what keeps other sites from acting for the user, and a JWT that is whole in the header is taken as it is.
 */
export const presentedTokens = (request: Pick<Request, 'headers' | 'path'>): readonly string[] => {
  const [, start] = BEARER.exec(request.headers.authorization ?? '') ?? [];
  if (start === undefined) return [];
  if (WHOLE_JWT.test(start)) return [start];
  const joined = secondHalves(request).map((half) => start + half);
  // An opaque token has no dots: with one it is the beginning of a JWT.
  return joined.length > 0 && start.includes('.') ? joined : [start, ...joined];
};

const secondHalves = ({ headers, path }: Pick<Request, 'headers' | 'path'>): readonly string[] => {
  const names = GOVERNANCE.test(path) ? GOVERNANCE_HALVES : [OWN_HALF];
  const halves = (headers.cookie ?? '').split(';').flatMap((pair) => {
    const equals = pair.indexOf('=');
    const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
    return names.includes(name) && HALF.test(value) ? [value] : [];
  });
  return [...new Set(halves)].slice(0, HALVES_MAX);
};
