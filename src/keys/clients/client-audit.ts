import type { Tx } from '../../platform/database/transactions.js';

/** Leaves a line about an OAuth client in the audit log, if the transaction succeeds. */
export const audited = (tx: Tx, organization: string, clientId: string, action: string): void =>
  tx.raise('audited', { organization, type: 'OAuthClient', action, info: { clientId } });
