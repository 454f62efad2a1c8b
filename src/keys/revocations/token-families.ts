import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { epochSeconds, lifetimesOf, NEVER_SECONDS } from '../tokens/lifetimes.js';
import { Revocations } from './revocations.service.js';

/** Ends all that came of one login, though no token is stored: the ids of its tokens begin alike. */
@Injectable()
export class TokenFamilies {
  constructor(
    private readonly revocations: Revocations,
    private readonly config: OauthConfig,
  ) {}

  /** The family of the token with this id, or of the code whose grant has it. `expiresAt` is the token's own end, undefined for none. */
  async end(tx: Tx, client: OAuthClient, jti: string, expiresAt: number | undefined): Promise<void> {
    const { user, refresh } = lifetimesOf(client, this.config);
    const longest = Math.max(user, refresh);
    // The youngest member may have been issued a moment ago.
    const end = expiresAt === undefined || longest >= NEVER_SECONDS ? undefined : Math.max(expiresAt, epochSeconds() + longest);
    await this.revocations.family(tx, client.organization, jti, end);
  }
}
