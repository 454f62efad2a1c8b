import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { Account } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Transactions } from '../../platform/database/transactions.js';
import { notesCaller } from '../../platform/origin/origin.js';
import type { OAuthClient } from '../clients/oauth-client.js';

/** What users allowed clients for good (`approveAlways`), one row for each user and client. */
@Injectable()
export class Consents {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly config: OauthConfig,
  ) {}

  /**
   * Whether the user is asked at all: not where the installation asks nobody, and not by clients that an administrator registered through client
   * registration, who speaks for the own tenant and, in the super tenant, for all. Who is not logged in yet is taken for one of the tenant.
   */
  isAskedFor({ skipConsent, organization }: OAuthClient, user?: Pick<Account, 'organization'>): boolean {
    const isSpokenFor = skipConsent && (organization === SUPER_TENANT || user === undefined || user.organization === organization);
    return this.config.promptConsent && !isSpokenFor;
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
    notesCaller(account);
    await this.transactions.run(({ em }) =>
      em.query(
        `INSERT INTO oauth_consents (organization, user_id, client_id, scopes) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, client_id) DO UPDATE SET given_at = now(),
           scopes = ARRAY(SELECT DISTINCT unnest(oauth_consents.scopes || excluded.scopes))`,
        [account.organization, account.id, clientId, [...scopes]],
      ),
    );
  }
}
