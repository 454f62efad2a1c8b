import { Injectable } from '@nestjs/common';
import { certificateKeys } from './certificate-keys.js';
import { type RemoteKey, RemoteKeySets } from './remote-key-sets.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** More are not tried for one signature. */
const TRIED_MAX = 20;

/** The public keys of trusted issuers, from their certificate or their JWKS document. What a token itself brings is never one of them. */
@Injectable()
export class IssuerKeys {
  constructor(private readonly sets: RemoteKeySets) {}

  /** Keys that may have made a signature; a certificate has no key id, so there the id does not matter. */
  async of({ certificates }: TrustedIssuer, kid?: string): Promise<readonly RemoteKey[]> {
    if (!certificates?.value) return [];
    if (certificates.type === 'JWKS') return (await this.sets.keysFor(certificates.value, kid)).slice(0, TRIED_MAX);
    return certificateKeys(certificates.value).map((key) => ({ kid: undefined, alg: undefined, key }));
  }
}
