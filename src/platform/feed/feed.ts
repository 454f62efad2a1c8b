import { Injectable } from '@nestjs/common';
import type { DocumentKind, GatewayDocuments } from '../../domain/gateway-documents.js';
import type { Tx } from '../database/transactions.js';
import { jsonInTurns } from '../turns/turns.js';

/**
 * Writers hold this lock to their commit, so a lower sequence number is never seen after a higher one. All writers share it, so it is the last lock that
 * a transaction takes: whoever waited for a row while holding it could be waited for by the holder of that row.
 */
export const FEED_LOCK = 4_207_849_485;
export const FEED_CHANNEL = 'gatehouse_feed';

/** Writes a document: organization, kind, key, body and the channel by which followers are told; only under `FEED_LOCK`. */
export const WRITE_DOCUMENT = `WITH put AS (
         INSERT INTO gateway_document (organization, kind, key, seq, body) VALUES ($1, $2, $3, nextval('gateway_document_seq'), $4)
         ON CONFLICT (organization, kind, key)
         DO UPDATE SET seq = excluded.seq, body = excluded.body, deleted = false, changed_at = now() RETURNING seq)
       SELECT seq, pg_notify($5, seq::text) FROM put`;

/** Documents of the kind `$1` and the organization `$2` whose key ends with `$3`, and whose field `$4` is not `$5`. */
const DIFFERING = `document.kind = $1 AND ($2::text IS NULL OR document.organization = $2) AND right(document.key, length($3)) = $3
         AND NOT document.deleted AND (document.body ->> $4) IS DISTINCT FROM $5::text`;

/** Writes the gateway's documents at the end of the transaction of the change they describe (design §2). */
@Injectable()
export class Feed {
  /** Creates or replaces a document. */
  async put<K extends DocumentKind>(tx: Tx, organization: string, kind: K, key: string, body: GatewayDocuments[K]): Promise<void> {
    const text = await jsonInTurns(body);
    tx.atEnd(() => this.write(tx, organization, kind, key, text));
  }

  /** Writes a document unless it is there in just this form: for what is written at every start. */
  async putIfChanged<K extends DocumentKind>(tx: Tx, organization: string, kind: K, key: string, body: GatewayDocuments[K]): Promise<void> {
    const text = JSON.stringify(body);
    const same: readonly unknown[] = await tx.em.query(
      'SELECT 1 FROM gateway_document WHERE organization = $1 AND kind = $2 AND key = $3 AND body = $4::jsonb',
      [organization, kind, key, text],
    );
    if (same.length === 0) tx.atEnd(() => this.write(tx, organization, kind, key, text));
  }

  /** Leaves a tombstone, which gateways read as a deletion; nothing happens when the document never existed. */
  async remove(tx: Tx, organization: string, kind: DocumentKind, key: string): Promise<void> {
    this.removeAll(tx, kind, [{ organization, key }]);
  }

  /** Removes documents in one statement: other writers wait no longer than for a single one. */
  removeAll(tx: Tx, kind: DocumentKind, documents: readonly { readonly organization: string; readonly key: string }[]): void {
    if (documents.length > 0) tx.atEnd(() => this.erase(tx, kind, documents));
  }

  /**
   * Gives a field of documents another value, or takes it away where that is null: of those of the organization, or of all, whose key ends so. One statement,
   * whatever their number; documents that say so already are left alone.
   */
  async setAll<K extends DocumentKind>(
    tx: Tx,
    kind: K,
    of: { readonly organization: string | null; readonly keyEnd: string },
    field: string & keyof GatewayDocuments[K],
    value: string | null,
  ): Promise<void> {
    const parameters = [kind, of.organization, of.keyEnd, field, value];
    const differing: readonly unknown[] = await tx.em.query(
      `SELECT 1 FROM gateway_document AS document WHERE ${DIFFERING} LIMIT 1`,
      parameters,
    );
    // Most often there are none, and then nobody waits for the lock.
    if (differing.length > 0) tx.atEnd(() => this.set(tx, parameters));
  }

  private async set(tx: Tx, parameters: readonly (string | null)[]): Promise<void> {
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
    const rows: readonly { seq: string }[] = await tx.em.query(
      `WITH changed AS (
         UPDATE gateway_document AS document SET seq = nextval('gateway_document_seq'), changed_at = now(),
           body = (body - $4) || CASE WHEN $5::text IS NULL THEN '{}' ELSE jsonb_build_object($4::text, $5::text) END
         WHERE ${DIFFERING} RETURNING seq),
       last AS (SELECT max(seq) AS seq FROM changed)
       SELECT seq, pg_notify($6, seq::text) FROM last WHERE seq IS NOT NULL`,
      [...parameters, FEED_CHANNEL],
    );
    this.announce(tx, rows);
  }

  private async erase(tx: Tx, kind: DocumentKind, documents: readonly { readonly organization: string; readonly key: string }[]) {
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
    const rows: readonly { seq: string }[] = await tx.em.query(
      `WITH gone AS (
         UPDATE gateway_document AS document SET seq = nextval('gateway_document_seq'), body = NULL, deleted = true, changed_at = now()
         FROM unnest($1::text[], $2::text[]) AS named (organization, key)
         WHERE document.organization = named.organization AND document.kind = $3 AND document.key = named.key AND NOT deleted RETURNING seq),
       last AS (SELECT max(seq) AS seq FROM gone)
       SELECT seq, pg_notify($4, seq::text) FROM last WHERE seq IS NOT NULL`,
      [documents.map(({ organization }) => organization), documents.map(({ key }) => key), kind, FEED_CHANNEL],
    );
    this.announce(tx, rows);
  }

  private async write(tx: Tx, organization: string, kind: string, key: string, body: string): Promise<void> {
    await tx.em.query('SELECT pg_advisory_xact_lock($1)', [FEED_LOCK]);
    const rows: readonly { seq: string }[] = await tx.em.query(WRITE_DOCUMENT, [organization, kind, key, body, FEED_CHANNEL]);
    this.announce(tx, rows);
  }

  private announce(tx: Tx, rows: readonly { seq: string }[]): void {
    for (const { seq } of rows) tx.raise('feed.changed', { seq: Number(seq) });
  }
}
