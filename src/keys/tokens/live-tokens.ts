import { Injectable } from '@nestjs/common';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { Revocations } from '../revocations/revocations.service.js';
import { parseJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { epochSeconds } from './lifetimes.js';
import { REFRESH_TOKEN, type TokenUser } from './token-claims.js';

/** A token of ours whose signature, issuer and times are right. */
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
  readonly jti: string;
  readonly issuedAt: number;
  readonly expiresAt: number | undefined;
  /** Access tokens only. */
  readonly user: TokenUser | undefined;
}

/** Reads the JWTs that this key manager issued. */
@Injectable()
export class LiveTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly revocations: Revocations,
  ) {}

  /** The token, when it is one of ours, has not ended and was not revoked. */
  async read(text: string): Promise<OurToken | undefined> {
    const token = await this.verified(text);
    if (!token) return undefined;
    const { jti, issuedAt: iat, clientId: azp, entityId } = token;
    return (await this.revocations.isRevoked({ jti, iat, azp, entity_id: entityId })) ? undefined : token;
  }

  /** The token, when it is one of ours and has not ended, revoked or not. */
  async verified(text: string): Promise<OurToken | undefined> {
    const jwt = parseJwt(text);
    const kid = jwt?.header['kid'];
    const key = typeof kid === 'string' ? await this.keys.byKid(kid) : undefined;
    if (!jwt || !key || !jwt.signedBy(key.publicKey)) return undefined;
    const { claims } = jwt;
    const now = epochSeconds();
    const expiresAt = typeof claims['exp'] === 'number' ? claims['exp'] : undefined;
    if (claims['iss'] !== this.urls.issuer(key.organization) || (expiresAt !== undefined && expiresAt <= now)) return undefined;
    const kind = claims['token_type'] === REFRESH_TOKEN ? 'refresh' : 'access';
    // ID tokens are signed by the same key: only what says that it is one of these two is one.
    if (jwt.header['typ'] !== (kind === 'refresh' ? 'rt+jwt' : 'at+jwt')) return undefined;
    return {
      kind,
      organization: key.organization,
      issuer: String(claims['iss']),
      clientId: String(claims['azp']),
      subject: String(claims['sub']),
      entityId: String(claims['entity_id'] ?? claims['sub']),
      scope: String(claims[kind === 'refresh' ? 'rt_scope' : 'scope'] ?? ''),
      jti: String(claims['jti']),
      issuedAt: Number(claims['iat']),
      expiresAt,
      user: kind === 'refresh' ? undefined : claims['aut'] === 'APPLICATION' ? 'APPLICATION' : 'APPLICATION_USER',
    };
  }
}
