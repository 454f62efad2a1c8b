import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Account } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';

/** What users allowed clients for good (`approveAlways`), one row for each user and client. */
@Injectable()
export class Consents {
  constructor(
    private readonly database: DataSource,
    private readonly config: OauthConfig,
  ) {}

  /** Whether the user is asked at all: not by clients that registered themselves, and not where the installation asks nobody. */
  isAskedFor({ skipConsent }: OAuthClient): boolean {
    return this.config.promptConsent && !skipConsent;
  }

  /** Whether the user has allowed all of these scopes before. */
  async covers({ clientId }: OAuthClient, account: Account, scopes: readonly string[]): Promise<boolean> {
    const [row]: readonly unknown[] = await this.database.query(
      'SELECT 1 FROM oauth_consents WHERE user_id = $1 AND client_id = $2 AND scopes @> $3::text[]',
      [account.id, clientId, [...scopes]],
    );
    return row !== undefined;
  }

  async remember({ clientId }: OAuthClient, account: Account, scopes: readonly string[]): Promise<void> {
    await this.database.query(
      `INSERT INTO oauth_consents (organization, user_id, client_id, scopes) VALUES ($1, $2, $3, $4)
       ON CONFLICT (user_id, client_id) DO UPDATE SET given_at = now(),
         scopes = ARRAY(SELECT DISTINCT unnest(oauth_consents.scopes || excluded.scopes))`,
      [account.organization, account.id, clientId, [...scopes]],
    );
  }
}
