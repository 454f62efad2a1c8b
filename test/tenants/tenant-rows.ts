import type { Client } from 'pg';
import { withDatabase } from '../support/database.js';

/** What gateways and jobs of the server write by themselves. */
const OWN_ACCORD = ['gateway_acknowledgements', 'gateways', 'usage_minutes', 'gateway_document_version'];

/** The super tenant writes much of these whatever the tenant does; too much to look for the tenant's words in it. */
const LARGE = ['audit_entries', 'gateway_document', 'search_texts', 'search_words'];

const rowsAbout = (table: string): string =>
  `organization = $1 OR (organization = $2${LARGE.includes(table) ? '' : " OR organization = 'carbon.super'"}) AND t::text ~ $3`;

/**
 * What the database holds of a tenant: of each table the number and the digest of its rows, and of the rows of others that tell of it.
 * The words are
 * what only that tenant's rows hold; others are the stranger and the super tenant.
 */
export const rowsOf = (domain: string, stranger: string, words: readonly string[]): Promise<Readonly<Record<string, string>>> =>
  withDatabase(async (database) => {
    const { rows: tables } = await database.query<{ name: string; has_organization: boolean }>(
      `SELECT c.relname AS name, EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'organization') AS has_organization
       FROM pg_class c WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition ORDER BY 1`,
    );
    const found: Record<string, string> = {};
    for (const { name, has_organization: hasOrganization } of tables) {
      if (OWN_ACCORD.includes(name)) continue;
      const pattern = words.map((word) => word.replace(/[^\w-]/g, '\\$&')).join('|');
      found[name] = hasOrganization
        ? await digestOf(database, name, rowsAbout(name), [domain, stranger, pattern])
        : await digestOf(database, name, 't::text ~ $1', [pattern]);
    }
    return found;
  });

const digestOf = async (database: Client, table: string, condition: string, values: readonly unknown[]): Promise<string> => {
  const { rows } = await database.query<{ digest: string }>(
    `SELECT count(*) || ' ' || coalesce(md5(string_agg(row, '' ORDER BY row)), '') AS digest
     FROM (SELECT md5(t::text) AS row FROM "${table}" t WHERE ${condition}) AS all_rows`,
    [...values],
  );
  return rows[0]?.digest ?? '';
};
