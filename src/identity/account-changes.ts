import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';

/** The one document of a tenant: it is written anew each time, so the feed does not grow. */
export const ACCOUNTS_KEY = 'accounts';

/** Tells the gateways that logins to a tenant may come to something else than before: they forget what they know of them. */
@Injectable()
export class AccountChanges {
  constructor(private readonly feed: Feed) {}

  /** In the transaction of the change: of a password, a lock, a role, or the end of an account. */
  async tell(tx: Tx, organization: string): Promise<void> {
    await this.feed.put(tx, organization, 'accounts', ACCOUNTS_KEY, { changedAt: Date.now() });
  }
}
