import type { Tx } from '../database/transactions.js';

/** What the identity module asks of the key manager when a user's credentials change; the keys module provides it. */
export abstract class SubjectRevocations {
  /** Kills every token issued to the user up to now, in the transaction of the change. */
  abstract revokeSubject(tx: Tx, organization: string, userId: string): Promise<void>;
}
