import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { Revocations } from '../revocations/revocations.service.js';
import { TokenFamilies } from '../revocations/token-families.js';
import { LiveTokens, type OurToken } from './live-tokens.js';
import { StoredTokens } from './stored-tokens.js';

/** Ends tokens at the wish of the client that was given them. */
@Injectable()
export class TokenRevocation {
  constructor(
    private readonly live: LiveTokens,
    private readonly stored: StoredTokens,
    private readonly revocations: Revocations,
    private readonly transactions: Transactions,
    private readonly families: TokenFamilies,
  ) {}

  /** Ends the token; a refresh token takes all of its family with it (RFC 7009 §2.1). What is no live token of this client is left alone: undefined. */
  async revoke(client: OAuthClient, text: string): Promise<OurToken | undefined> {
    const token = await this.live.verified(text);
    if (token?.clientId !== client.clientId) return undefined;
    const { organization, jti, expiresAt } = token;
    await this.transactions.run(async (tx) => {
      await this.stored.remove(tx.em, text);
      await this.revocations.revokeToken(tx, organization, jti, expiresAt);
      if (token.kind === 'refresh') await this.families.end(tx, client, jti, expiresAt);
    });
    return token;
  }
}
