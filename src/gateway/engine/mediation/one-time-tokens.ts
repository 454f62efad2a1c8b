import type { RevokedTokenDocument } from '../../../domain/gateway-documents.js';
import type { VerifiedToken } from '../credentials/tokens.js';
import type { Snapshot } from '../snapshot.js';
import type { BuiltInPolicy } from './flows.js';
import { textOr } from './parameters.js';

const DEFAULT_SCOPE = 'OTT';
/** For a token without an end: as long as times are that the key manager can write. */
const NEVER_SECONDS = 2_147_483_647;

/** A token that was used up, and its tenant. */
export interface UsedToken extends RevokedTokenDocument {
  readonly organization: string;
}

/** Tokens that are good for one request: whoever uses one is remembered here at once, and everywhere else as soon as it is told. */
export class OneTimeTokens {
  constructor(
    private readonly snapshot: Pick<Snapshot, 'isRevoked' | 'revoke'>,
    private readonly used: (token: UsedToken) => void,
  ) {}

  /** Uses the token up; false when it has been used before, or has no id by which it could be told from others. */
  use(token: VerifiedToken): boolean {
    if (token.jti === '' || this.snapshot.isRevoked(token)) return false;
    const { organization } = token.keyManager;
    const seconds = Math.floor(Date.now() / 1_000);
    const expiresAt = Number.isFinite(token.expiresAt) ? Math.ceil(token.expiresAt / 1_000) : seconds + NEVER_SECONDS;
    const revocation: RevokedTokenDocument = { type: 'jti', value: token.jti, revokedAt: seconds, expiresAt };
    this.snapshot.revoke(organization, revocation);
    this.used({ ...revocation, organization });
    return true;
  }
}

/** Ends a token with the scope once a request was made with it; the request itself goes on (`reference/mediation.md` §8). */
export const revokeOneTimeToken: BuiltInPolicy = {
  request: (parameters, { natives: { oneTimeTokens } }) => {
    const scope = textOr(parameters, 'scope', DEFAULT_SCOPE);
    return ({ token, api }) => {
      if (token === null || api === null || !token.scopes.includes(scope)) return undefined;
      return oneTimeTokens.use(token) ? undefined : api.challenges.invalid;
    };
  },
};
