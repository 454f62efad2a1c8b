import { Injectable } from '@nestjs/common';
import { type AccessTokenClaims, AccessTokens, type VerificationKey } from '../../platform/auth/access-tokens.js';
import type { Account } from '../../platform/auth/accounts.js';
import { ClientOwners } from '../clients/client-owners.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { Revocations } from '../revocations/revocations.service.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { LiveTokens } from './live-tokens.js';
import { isOpaqueToken } from './opaque-tokens.js';

/** What the guards of the REST APIs ask about tokens of this key manager. */
@Injectable()
export class IssuedAccessTokens extends AccessTokens {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
    private readonly revocations: Revocations,
    private readonly clients: OAuthClientsService,
    private readonly owners: ClientOwners,
    private readonly live: LiveTokens,
    private readonly subjects: TokenSubjects,
  ) {
    super();
  }

  async verificationKey(kid: string): Promise<VerificationKey | undefined> {
    const key = await this.keys.byKid(kid);
    return key && { key: key.publicKey, issuer: this.urls.issuer(key.organization), organization: key.organization };
  }

  /** A token of a client that is gone counts as revoked, also where its revocation has been forgotten. */
  async isRevoked(claims: AccessTokenClaims): Promise<boolean> {
    const client = claims.azp === undefined ? undefined : await this.clients.byClientId(claims.azp);
    return !client || this.revocations.isRevoked(client.organization, claims);
  }

  async accountOf({ entity_id: id, azp }: AccessTokenClaims): Promise<Account | undefined> {
    if (id === undefined) return undefined;
    if (id !== azp) return this.subjects.byId(id);
    const client = await this.clients.byClientId(azp);
    return client && this.owners.accountOf(client);
  }

  /** Revocation is asked for by {@link isRevoked}, as for signed tokens. */
  async ofOpaque(text: string): Promise<AccessTokenClaims | undefined> {
    const token = isOpaqueToken(text) ? await this.live.verified(text) : undefined;
    if (token?.kind !== 'access') return undefined;
    const { issuer: iss, subject: sub, jti, issuedAt: iat, clientId: azp, scope, entityId } = token;
    return {
      ...{ iss, sub, jti, iat, azp, scope, entity_id: entityId },
      ...(token.expiresAt === undefined ? {} : { exp: token.expiresAt }),
    };
  }
}
