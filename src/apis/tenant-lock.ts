import type { Tx } from '../platform/database/transactions.js';

/** Held while a rule over all APIs of a tenant is decided. */
const TENANT_APIS_LOCK = 1_094_796_617;

/**
 * Lets one transaction at a time decide about names, contexts, default versions and scopes of a tenant, or lock more than one of its APIs. Taken before
 * any row is locked: the other way round, two transactions could wait for one another.
 */
export const holdTenantApis = async (tx: Tx, organization: string): Promise<void> => {
  await tx.em.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [TENANT_APIS_LOCK, organization]);
};
