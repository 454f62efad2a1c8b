import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { epochSeconds, lifetimesOf, NEVER_SECONDS } from '../tokens/lifetimes.js';
import { codeRefreshJti, pairedJti, successorJti } from '../tokens/token-claims.js';
import { Revocations } from './revocations.service.js';

/** More refreshes than fit into the life of a code, within which a replay is noticed. */
const GENERATIONS_MAX = 1_000;

/**
 * Revokes all that came of one login. No token is stored; but ids follow from one another: an access token's from its refresh token's, and a refresh
 * token's from the one it replaced.
 */
@Injectable()
export class TokenFamilies {
  constructor(
    private readonly revocations: Revocations,
    private readonly config: OauthConfig,
  ) {}

  /** Everything issued for the authorization code of this grant, and for what was refreshed from it. */
  async revokeOfCode(tx: Tx, client: OAuthClient, grantId: string): Promise<void> {
    // Of a hybrid response: the token that came beside the code.
    await this.revocations.revokeToken(tx, client.organization, pairedJti(grantId), this.endOf(client, 'user'));
    await this.revokeFrom(tx, client, codeRefreshJti(grantId));
  }

  /** The refresh token of this id with its access token, and every pair that replaced it. */
  async revokeFrom(tx: Tx, client: OAuthClient, refreshJti: string): Promise<void> {
    let [jti, wasUsed] = [refreshJti, true];
    for (let generation = 0; wasUsed && generation < GENERATIONS_MAX; generation += 1) {
      wasUsed = await this.revocations.isUsed(tx, jti);
      await this.revocations.revokeToken(tx, client.organization, jti, this.endOf(client, 'refresh'));
      await this.revocations.revokeToken(tx, client.organization, pairedJti(jti), this.endOf(client, 'user'));
      jti = successorJti(jti);
    }
  }

  /** The latest moment at which a token issued up to now ends. */
  private endOf(client: OAuthClient, kind: 'user' | 'refresh'): number | undefined {
    const seconds = lifetimesOf(client, this.config)[kind];
    return seconds >= NEVER_SECONDS ? undefined : epochSeconds() + seconds;
  }
}
