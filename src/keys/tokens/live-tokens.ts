import { Injectable } from '@nestjs/common';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { Revocations } from '../revocations/revocations.service.js';
import { parseJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { epochSeconds } from './lifetimes.js';
import { isOpaqueToken } from './opaque-tokens.js';
import { StoredTokens } from './stored-tokens.js';
import { REFRESH_TOKEN, type TokenUser } from './token-claims.js';

/** A token of ours that is what it says, within its time. */
export interface OurToken {
  readonly kind: 'access' | 'refresh';
  /** The tenant that issued it. */
  readonly organization: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly subject: string;
  /** The id of whom the token acts for; differs from the subject for users of outside identity providers. */
  readonly entityId: string;
  readonly scope: string;
  /** Of an access token, besides the client. */
  readonly audiences: readonly string[];
  readonly jti: string;
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
  /** Access tokens only. */
  readonly user: TokenUser | undefined;
}

/** How far ahead the clock of another of our servers may be. */
const CLOCK_LEEWAY_SECONDS = 60;

/** Reads the tokens that this key manager issued, signed ones and opaque ones. */
@Injectable()
export class LiveTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly revocations: Revocations,
    private readonly stored: StoredTokens,
  ) {}

  /** The token, when it is one of ours, has not ended and was not revoked. */
  async read(text: string): Promise<OurToken | undefined> {
    const token = await this.verified(text);
    return token && !(await this.revocations.isRevoked(token.organization, revocable(token))) ? token : undefined;
  }

  /** The refresh token, when it is one of ours, has not ended and was not revoked; it may have been used. */
  async refreshable(text: string): Promise<OurToken | undefined> {
    const token = await this.verified(text);
    return token?.kind === 'refresh' && !(await this.revocations.isRevokedBesidesUse(token.organization, revocable(token)))
      ? token
      : undefined;
  }

  /** The token, when it is one of ours and has not ended, revoked or not. */
  async verified(text: string): Promise<OurToken | undefined> {
    return isOpaqueToken(text) ? this.opaque(text) : this.signed(text);
  }

  private async opaque(text: string): Promise<OurToken | undefined> {
    const token = await this.stored.find(text);
    if (!token) return undefined;
    const { seed: _, holder, ...facts } = token;
    return { ...facts, issuer: this.urls.issuer(token.organization), user: token.kind === 'access' ? holder : undefined };
  }

  private async signed(text: string): Promise<OurToken | undefined> {
    const jwt = parseJwt(text);
    const kid = jwt?.header['kid'];
    const key = typeof kid === 'string' ? await this.keys.byKid(kid) : undefined;
    if (!jwt || !key || !jwt.signedBy(key.publicKey)) return undefined;
    const { claims } = jwt;
    const now = epochSeconds();
    const expiresAt = typeof claims['exp'] === 'number' ? claims['exp'] : undefined;
    if (claims['iss'] !== this.urls.issuer(key.organization) || (expiresAt !== undefined && expiresAt <= now)) return undefined;
    if (typeof claims['nbf'] === 'number' && claims['nbf'] > now + CLOCK_LEEWAY_SECONDS) return undefined;
    const kind = claims['token_type'] === REFRESH_TOKEN ? 'refresh' : 'access';
    // ID tokens are signed by the same key: only what says that it is one of these two is one.
    if (jwt.header['typ'] !== (kind === 'refresh' ? 'rt+jwt' : 'at+jwt')) return undefined;
    const clientId = String(claims['azp']);
    return {
      kind,
      organization: key.organization,
      issuer: String(claims['iss']),
      clientId,
      subject: String(claims['sub']),
      entityId: String(claims['entity_id'] ?? claims['sub']),
      scope: String(claims[kind === 'refresh' ? 'rt_scope' : 'scope'] ?? ''),
      audiences: [claims['aud']].flat().flatMap((name) => (typeof name === 'string' && name !== clientId ? [name] : [])),
      jti: String(claims['jti']),
      issuedAt: Number(claims['iat']),
      expiresAt,
      user: kind === 'refresh' ? undefined : claims['aut'] === 'APPLICATION' ? 'APPLICATION' : 'APPLICATION_USER',
    };
  }
}

const revocable = ({ jti, issuedAt, clientId, entityId }: OurToken) => ({ jti, iat: issuedAt, azp: clientId, entity_id: entityId });
