import { Injectable } from '@nestjs/common';
import type { JWTPayload, JWTVerifyOptions } from 'jose';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { parseJwt } from '../signing/jwt.js';
import { IssuerKeys } from './issuer-keys.js';
import type { RemoteKey } from './remote-key-sets.js';
import { RemoteRefusal } from './remote-refusal.js';
import type { TrustedIssuer } from './trusted-issuer.js';
import { TrustedIssuers } from './trusted-issuers.service.js';

/** Asymmetric ones only: with a symmetric one, the issuer's public key would be the secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512'];
/** What an identity or access token calls itself; other kinds of JWTs of the same issuer are for something else. */
const TYPE = /^(application\/)?(at\+)?jwt$/i;
const SUBJECT_LENGTH_MAX = 255;
const SHOWN_MAX = 200;

/** A JWT of a trusted issuer whose signature, times and audience are right. */
export interface RemoteJwt {
  readonly issuer: TrustedIssuer;
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Epoch seconds. */
  readonly expiresAt: number;
  readonly issuedAt: number | undefined;
  readonly jti: string | undefined;
}

/** Reads JWTs of outside issuers (RFC 7523 §3; `reference/key-manager.md` §2.2). */
@Injectable()
export class RemoteJwts {
  constructor(
    private readonly issuers: TrustedIssuers,
    private readonly keys: IssuerKeys,
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  /** @throws RemoteRefusal */
  async read(organization: string, text: string): Promise<RemoteJwt> {
    const unverified = parseJwt(text);
    if (!unverified) throw new RemoteRefusal('The JSON Web Token is malformed.');
    const { iss } = unverified.claims;
    if (typeof iss !== 'string' || iss === '') throw new RemoteRefusal('Mandatory field - Issuer is empty in the given JSON Web Token.');
    const issuer = await this.issuers.find(organization, iss);
    if (!issuer) throw new RemoteRefusal(`No Registered IDP found for the JWT with issuer name : ${iss.slice(0, SHOWN_MAX)}`);
    const { kid, typ } = unverified.header;
    if (typ !== undefined && !(typeof typ === 'string' && TYPE.test(typ)))
      throw new RemoteRefusal('The type of the JSON Web Token is not accepted.');
    const candidates = await this.keys.of(issuer, typeof kid === 'string' ? kid : undefined);
    const claims = await this.verified(text, candidates);
    return { issuer, claims, ...this.checked(organization, issuer, claims) };
  }

  /** The claims, once one of the keys has proven to have made the signature. Keys that the header brings or points to are not looked at. */
  private async verified(text: string, candidates: readonly RemoteKey[]): Promise<JWTPayload> {
    const { errors, jwtVerify } = await import('jose');
    const options: JWTVerifyOptions = { clockTolerance: this.config.timestampSkew };
    for (const { key, alg } of candidates) {
      try {
        return (
          await jwtVerify(text, key, { ...options, algorithms: alg === undefined ? ALGORITHMS : ALGORITHMS.filter((one) => one === alg) })
        ).payload;
      } catch (err) {
        if (err instanceof errors.JWTExpired) throw new RemoteRefusal('JSON Web Token is expired');
        if (err instanceof errors.JWTClaimValidationFailed && err.claim === 'nbf')
          throw new RemoteRefusal('JSON Web Token is used before Not_Before_Time');
        if (err instanceof errors.JWTInvalid || err instanceof errors.JWTClaimValidationFailed)
          throw new RemoteRefusal('The JSON Web Token is malformed.');
        // Not this key, or a key of another kind than the algorithm wants: perhaps the next one.
      }
    }
    throw new RemoteRefusal('Signature or Message Authentication invalid.');
  }

  private checked(organization: string, issuer: TrustedIssuer, { sub, aud, exp, iat, jti }: JWTPayload) {
    if (typeof sub !== 'string' || sub === '' || sub.length > SUBJECT_LENGTH_MAX)
      throw new RemoteRefusal('Mandatory field - Subject is empty or too long in the given JSON Web Token.');
    if (exp === undefined) throw new RemoteRefusal('Mandatory field - Expiration time is empty in the given JSON Web Token.');
    const own = [issuer.alias, this.urls.token, this.urls.issuer(organization)];
    if (![aud ?? []].flat().some((one) => one !== '' && own.includes(one))) {
      throw new RemoteRefusal(`None of the audience values matched the tokenEndpoint Alias ${issuer.alias || this.urls.token}`);
    }
    if (iat !== undefined && iat > Date.now() / 1000 + this.config.timestampSkew)
      throw new RemoteRefusal('JSON Web Token is issued in the future');
    return { subject: sub, expiresAt: exp, issuedAt: iat, jti: jti === undefined ? undefined : String(jti) };
  }
}
