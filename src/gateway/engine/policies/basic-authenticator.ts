import { createHmac, randomBytes } from 'node:crypto';
import { fullName, parseUserName } from '../../../domain/organization.js';
import { segmentOf, withoutSegments } from '../credentials/authorization-segments.js';
import { LoggedInUser } from '../credentials/direct-caller.js';
import type { Exchange } from '../exchange.js';
import { type Operation, schemesOf } from '../link.js';
import type { LoginVerdict } from '../messages.js';
import type { PipelineDeps } from '../pipeline.js';
import { LoginsThrottled, NotSubscribed, Unauthenticatable } from '../refusal.js';
import type { Authenticator } from './authenticate.js';

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const REMEMBERED_MS = 15 * 60_000;
/** Nothing that is remembered leads back to a password: the key never leaves this thread. */
const KEY = randomBytes(32);

/** Name and password of a credential; undefined for what is no base64 or has no colon. */
export const credentialsIn = (encoded: string): { readonly name: string; readonly password: string } | undefined => {
  if (!BASE64.test(encoded)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) };
};

/**
 * Names and passwords of the tenant's users (`reference/key-manager.md` §6.3). The main thread is asked once; what it said is remembered until an account
 * or a role of the tenant changes, at most a quarter of an hour.
 */
export const basicAuthenticator = (
  { api }: Pick<Operation, 'api'>,
  { snapshot, users, logins, clientAddress, ...deps }: PipelineDeps,
): Authenticator => {
  const { invalid } = api.challenges;
  const headerName = api.credentialHeaders[0] ?? api.authHeader;
  const consumed = schemesOf(api.document).includes('oauth2') ? (['basic', 'bearer'] as const) : (['basic'] as const);

  const judge = (exchange: Exchange, digest: string, verdict: LoginVerdict, epoch: number) => {
    if (verdict.outcome === 'refused') return invalid;
    if (verdict.outcome === 'busy') return LoginsThrottled;
    if (verdict.outcome === 'unknown') return Unauthenticatable;
    const roles = new Set(verdict.roles.map((role) => role.toLowerCase()));
    const user = new LoggedInUser(digest, api.organization, verdict.name, roles, epoch, exchange.now + REMEMBERED_MS);
    // The account may have changed since it was looked at.
    if (epoch === snapshot.accountEpoch(api.organization)) users.put(user);
    exchange.user = user;
    return undefined;
  };

  return {
    identify(exchange: Exchange) {
      const presented = exchange.authorization === null ? null : segmentOf(exchange.authorization, 'basic');
      if (presented === null) return 'absent';
      const digest = createHmac('sha256', KEY).update(`${api.organization}\0${presented}`).digest('base64url');
      const epoch = snapshot.accountEpoch(api.organization);
      const known = users.get(digest);
      if (known !== undefined && known.epoch === epoch && known.until > exchange.now) {
        exchange.user = known;
        return undefined;
      }
      const credentials = credentialsIn(presented);
      if (credentials === undefined) return invalid;
      const user = parseUserName(credentials.name);
      if (user.organization !== api.organization) return NotSubscribed;
      const question = { name: fullName(user), password: credentials.password, address: clientAddress(exchange) };
      return logins.ask(digest, question).then((verdict) => judge(exchange, digest, verdict, epoch));
    },

    /** Keeps the tokens of APIs that take both from the backend too. */
    strip({ authorization, outbound }: Exchange) {
      if (authorization === null) return;
      const kept = deps.enableOutboundAuthHeader ? authorization : withoutSegments(authorization, consumed);
      if (kept !== null) outbound.push(headerName, kept);
    },
  };
};
