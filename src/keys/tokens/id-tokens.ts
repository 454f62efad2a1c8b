import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UserClaims } from '../claims/user-claims.service.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { signJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { epochSeconds } from './lifetimes.js';

const HALF_BYTES = 16;

/** What a sign-in adds to the tokens that follow from it; grants without one leave all of it out. */
export interface SignInFacts {
  /** As the client sent it to the authorization endpoint. */
  readonly nonce?: string | undefined;
  /** Epoch seconds of when the user typed the password. */
  readonly authTime?: number | undefined;
  /** The session as this client knows it, for single logout. */
  readonly sid?: string | undefined;
  /** How the user proved who it is. */
  readonly methods?: readonly string[] | undefined;
}

export interface IdTokenFacts extends SignInFacts {
  readonly scopes: readonly string[];
  /** In plain text: the ID token holds its hash. */
  readonly accessToken?: string | undefined;
  readonly lifeSeconds: number;
}

/** Makes ID tokens: the claims of the user that the scopes show, and those about the sign-in (OpenID Connect Core §2). */
@Injectable()
export class IdTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly claims: UserClaims,
  ) {}

  async issue({ clientId, organization }: OAuthClient, account: TokenSubject, facts: IdTokenFacts): Promise<string> {
    const now = epochSeconds();
    const end = now + facts.lifeSeconds;
    const [key, claims] = await Promise.all([this.keys.signerOf(organization, end), this.claims.of(account, facts.scopes)]);
    const own = {
      ...{ iss: this.urls.issuer(organization), sub: account.subject ?? account.id, aud: clientId, azp: clientId },
      ...{ iat: now, nbf: now, exp: end, jti: randomUUID() },
      at_hash: facts.accessToken === undefined ? undefined : accessTokenHash(facts.accessToken),
      ...{ nonce: facts.nonce, auth_time: facts.authTime, sid: facts.sid, amr: facts.methods },
    };
    return signJwt({ typ: 'JWT', kid: key.kid, ...key.thumbprint }, { ...claims, ...own }, key.privateKey);
  }
}

/** `at_hash`: the left half of the SHA-256 hash, as RS256 asks for. */
export const accessTokenHash = (text: string): string =>
  createHash('sha256').update(text).digest().subarray(0, HALF_BYTES).toString('base64url');
