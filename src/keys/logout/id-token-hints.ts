import { Injectable } from '@nestjs/common';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { parseJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';

/** What an ID token of ours tells about who was signed in, and where. */
export interface IdTokenHint {
  readonly clientId: string;
  readonly subject: string;
}

/** Reads ID tokens that come back as hints: the signature and the issuer count, not the end (OpenID Connect RP-Initiated Logout §2). */
@Injectable()
export class IdTokenHints {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
  ) {}

  /** Undefined for anything but an ID token that this server issued. */
  async read(text: string): Promise<IdTokenHint | undefined> {
    const jwt = parseJwt(text);
    const kid = jwt?.header['kid'];
    const key = typeof kid === 'string' ? await this.keys.byKid(kid) : undefined;
    if (!jwt || !key || !jwt.signedBy(key.publicKey)) return undefined;
    const { iss, aud, azp, sub, token_type: otherKind } = jwt.claims;
    // The same key signs access, refresh and internal tokens: each of them says what it is.
    if (!isPlain(jwt.header['typ']) || otherKind !== undefined || iss !== this.urls.issuer(key.organization)) return undefined;
    if (typeof azp !== 'string' || typeof sub !== 'string' || ![aud].flat().includes(azp)) return undefined;
    return { clientId: azp, subject: sub };
  }
}

const isPlain = (type: unknown): boolean => type === undefined || type === 'JWT';
