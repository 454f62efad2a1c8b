import { type Actor, expected } from './actor.js';
import type { RequestOptions } from './client.js';

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  readonly user: string;
  readonly address: string;
  readonly action: string;
  readonly kind: string;
  readonly entityId: string;
  readonly entityName: string | null;
  readonly parentId: string | null;
  readonly transactionId: string;
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
}

export interface AuditList {
  readonly count: number;
  readonly list: readonly AuditEntry[];
  readonly pagination: { readonly total: number; readonly next: string; readonly previous: string };
}

/** What was changed in the administrator's tenant, newest first. */
export const auditOf = async (by: Actor, query: RequestOptions['query'] = {}): Promise<readonly AuditEntry[]> =>
  expected(await by.gatehouse<AuditList>('GET /audit', { query: { limit: 500, ...query } }), 200).list;
