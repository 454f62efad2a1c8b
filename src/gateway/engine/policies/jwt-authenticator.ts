import { decode, verifyJwt } from '../credentials/jwt.js';
import type { LinkedKeyManager } from '../credentials/key-manager.js';
import { VerifiedToken } from '../credentials/tokens.js';
import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { ActiveToken, TokenVerdict } from '../messages.js';
import type { PipelineDeps } from '../pipeline.js';
import { Unauthenticatable } from '../refusal.js';
import type { Authenticator } from './authenticate.js';

const BEARER = /^bearer(?:\s+|$)/i;
/** Nobody's opaque token is longer. */
const ASKED_LENGTH_MAX = 8_192;
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

/** The issuer that a JWT names, verified or not; undefined for what is no JWT. */
const issuerOf = (token: string): unknown => {
  const parts = token.split('.', 4);
  return parts.length === 3 ? decode(parts[1] ?? '')?.['iss'] : undefined;
};

/**
 * OAuth2 access tokens (`reference/key-manager.md` §4.1): JWTs are checked here by the keys of their issuer. Opaque ones, and those whose key manager
 * wants to be asked, are asked about once and then remembered for a while; a revocation ends both kinds at once.
 */
export const jwtAuthenticator = (operation: Pick<Operation, 'api' | 'authType'>, deps: PipelineDeps): Authenticator => {
  const { snapshot, tokens, questions, keyWishes } = deps;
  const { api } = operation;
  const { invalid, expired, wrongTokenType } = api.challenges;
  const headerName = api.credentialHeaders[0] ?? api.authHeader;
  const keyManagerOf = (issuer: string) => snapshot.keyManagerOf(api.organization, issuer);
  const refusesUsers = operation.authType === 'Application';
  const refusesApplications = operation.authType === 'Application User';

  const remembered = (presented: string, now: number) => {
    const known = tokens.get(presented);
    if (known === undefined || !snapshot.isKeyManagerOf(api.organization, known.keyManager)) return undefined;
    return known.verdict === null || known.verdict.until > now ? known : undefined;
  };

  const judge = (exchange: Exchange, token: VerifiedToken) => {
    if (token.expiresAt <= exchange.now) return token.verdict === null ? invalid : expired;
    if (snapshot.isRevoked(token)) return invalid;
    if (api.keyManagers !== null && !api.keyManagers.has(token.keyManager.document.name)) return invalid;
    if (token.verdict !== null && (token.verdict.isUser === true ? refusesUsers : token.verdict.isUser === false && refusesApplications))
      return wrongTokenType;
    exchange.token = token;
    return undefined;
  };

  const judgeFresh = (exchange: Exchange, token: VerifiedToken) => {
    tokens.put(token);
    return judge(exchange, token);
  };

  /** With the keys that have been fetched meanwhile, if any have. */
  const judgeAgain = (exchange: Exchange, presented: string, text: string) => {
    const token = verifyJwt(presented, text, keyManagerOf, () => undefined, exchange.now);
    return token === undefined ? invalid : judgeFresh(exchange, token);
  };

  /** The key manager that is to be asked about the token: null is whoever may know it, undefined nobody. */
  const asked = (token: string): string | null | undefined => {
    if (token.length > ASKED_LENGTH_MAX) return undefined;
    const issuer = issuerOf(token);
    if (issuer === undefined) return snapshot.mayBeOpaque(api.organization, token) ? null : undefined;
    const document = typeof issuer === 'string' ? keyManagerOf(issuer)?.document : undefined;
    return document?.enabled && document.tokenType !== 'EXCHANGED' && !document.isSelfValidated && document.isIntrospectable
      ? document.name
      : undefined;
  };

  const judgeVerdict = (exchange: Exchange, presented: string, verdict: TokenVerdict, epoch: number) => {
    if (verdict.outcome === 'unknown') return Unauthenticatable;
    if (verdict.outcome !== 'active') return verdict.outcome === 'expired' ? expired : invalid;
    const keyManager = snapshot.keyManagerNamed(verdict.owner, verdict.keyManager);
    if (keyManager === undefined || !keyManager.document.enabled || keyManager.document.tokenType === 'EXCHANGED') return invalid;
    const token = activeToken(presented, keyManager, verdict, exchange.now + deps.verdictMs);
    // It may be how a key manager was set before that let the token pass.
    if (epoch === snapshot.keyManagerEpoch) tokens.put(token);
    return judge(exchange, token);
  };

  return {
    identify(exchange: Exchange) {
      const presented = exchange.authorization;
      if (presented === null) return 'absent';
      const known = remembered(presented, exchange.now);
      if (known !== undefined) return judge(exchange, known);
      const text = bearerToken(presented);
      if (text === null) return 'absent';
      let lacking: LinkedKeyManager | undefined;
      const fresh = verifyJwt(presented, text, keyManagerOf, (keyManager) => (lacking = keyManager), exchange.now);
      if (fresh !== undefined) return judgeFresh(exchange, fresh);
      if (lacking !== undefined) {
        const fetched = keyWishes.want(lacking, exchange.now);
        return fetched ? fetched.then(() => judgeAgain(exchange, presented, text)) : invalid;
      }
      const keyManager = asked(text);
      if (keyManager === undefined) return invalid;
      const epoch = snapshot.keyManagerEpoch;
      const verdict = questions.ask(api.organization, keyManager, text, exchange.now, epoch);
      return verdict instanceof Promise
        ? verdict.then((answer) => judgeVerdict(exchange, presented, answer, epoch))
        : judgeVerdict(exchange, presented, verdict, epoch);
    },

    strip(exchange: Exchange) {
      if (exchange.authorization === null) return;
      const kept = deps.enableOutboundAuthHeader ? exchange.authorization : withoutBearer(exchange.authorization);
      if (kept !== null) exchange.outbound.push(headerName, kept);
    },
  };
};

const activeToken = (presented: string, keyManager: LinkedKeyManager, active: ActiveToken, until: number): VerifiedToken =>
  new VerifiedToken(
    presented,
    keyManager,
    active.consumerKey,
    active.subject,
    active.entityId,
    active.jti,
    active.issuedAt,
    active.expiresAt === null ? Number.POSITIVE_INFINITY : active.expiresAt * 1_000,
    active.scopes,
    active.audiences,
    { until, isUser: active.isUser, userNames: active.userNames },
  );
