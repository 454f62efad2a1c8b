import type { KeyRing } from './key-ring.js';
import type { SealedColumn } from './sealed-columns.js';
import { sealedTextNotOf } from './sealed-text.js';
import { Secrets } from './secrets.js';

/** One connection; statements of one transaction follow each other on it. */
export interface Connection {
  query<T extends object>(text: string, values?: readonly unknown[]): Promise<readonly T[]>;
}

export interface ColumnReport {
  readonly table: string;
  readonly column: string;
  /** Rows whose secrets are now under the newest key. */
  readonly rotated: number;
  /** Rows with text that looks like a secret and can be read with no key at hand: somebody's own text, or a lost key. */
  readonly unreadable: number;
}

const BATCH = 100;
const FIRST = '(0,0)';

interface Row {
  readonly at: string;
  readonly body: string;
}

/**
 * Re-encrypts what is stored under older keys, a batch of rows in a transaction each. It may be interrupted at any time and begun again: what is done is
 * known by the key id in each text. Servers may run meanwhile: a row that one of them changes first is left and taken up in the next round.
 */
export class SecretRotation {
  private readonly secrets: Secrets;
  private readonly pattern: string;

  constructor(
    private readonly connection: Connection,
    keys: KeyRing,
  ) {
    this.secrets = new Secrets({ keys });
    this.pattern = sealedTextNotOf(keys.current.id);
  }

  async rotate(columns: readonly SealedColumn[]): Promise<readonly ColumnReport[]> {
    const reports: ColumnReport[] = [];
    for (const column of columns) reports.push(await this.rotateColumn(column));
    return reports;
  }

  /** Columns of the whole schema, registered or not, in which a text is still readable with an older key alone. */
  async leftBehind(): Promise<readonly string[]> {
    const columns = await this.connection.query<{ table: string; column: string }>(
      `SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
       JOIN information_schema.tables t USING (table_schema, table_name)
       WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.is_generated = 'NEVER'
         AND (c.data_type IN ('text', 'json', 'jsonb', 'character varying') OR c.udt_name IN ('_text', '_varchar'))`,
    );
    const found: string[] = [];
    for (const { table, column } of columns) if (await this.holdsOlder(table, column)) found.push(`${table}.${column}`);
    return found;
  }

  /** Whether a text is a secret that only an older key opens. */
  needsOlderKey(text: string): boolean {
    return new RegExp(`^(?:${this.pattern})$`).test(text) && this.secrets.resealed(text) !== undefined;
  }

  private async holdsOlder(table: string, column: string): Promise<boolean> {
    for await (const { body } of this.rowsOf(table, column)) {
      if ([...body.matchAll(new RegExp(this.pattern, 'g'))].some(([text]) => this.secrets.resealed(text) !== undefined)) return true;
    }
    return false;
  }

  private async rotateColumn({ table, column, type }: SealedColumn): Promise<ColumnReport> {
    let rotated = 0;
    for (;;) {
      const round = await this.round(table, column, type);
      rotated += round.rotated;
      // Rows that a server changed under our hands are taken up again; what is only unreadable stays.
      if (round.missed === 0) return { table, column, rotated, unreadable: round.unreadable };
    }
  }

  private async round(table: string, column: string, type: SealedColumn['type']) {
    const counts = { rotated: 0, missed: 0, unreadable: 0 };
    let after = FIRST;
    for (;;) {
      const rows = await this.batch(table, column, after);
      const last = rows.at(-1);
      if (!last) return counts;
      after = last.at;
      await this.connection.query('BEGIN');
      try {
        // The secrets stay what they are: no change for those who read what was changed.
        await this.connection.query("SELECT set_config('gatehouse.audit', 'off', true)");
        for (const { at, body } of rows) {
          const next = this.resealed(body);
          if (next === body) counts.unreadable++;
          else if (await this.replace({ table, column, type }, at, body, next)) counts.rotated++;
          else counts.missed++;
        }
        await this.connection.query('COMMIT');
      } catch (err) {
        await this.connection.query('ROLLBACK');
        throw err;
      }
    }
  }

  /** Every secret in the text under the newest key. The texts need no escaping, in documents neither. */
  private resealed(body: string): string {
    return body.replace(new RegExp(this.pattern, 'g'), (text) => this.secrets.resealed(text) ?? text);
  }

  private async replace({ table, column, type }: SealedColumn, at: string, before: string, after: string): Promise<boolean> {
    const rows = await this.connection.query(
      `UPDATE "${table}" SET "${column}" = $1::${type} WHERE ctid = $2::tid AND "${column}"::text = $3 RETURNING 1 AS done`,
      [after, at, before],
    );
    return rows.length > 0;
  }

  private async *rowsOf(table: string, column: string): AsyncGenerator<Row> {
    let after = FIRST;
    for (;;) {
      const rows = await this.batch(table, column, after);
      yield* rows;
      const last = rows.at(-1);
      if (!last) return;
      after = last.at;
    }
  }

  private batch(table: string, column: string, after: string): Promise<readonly Row[]> {
    return this.connection.query<Row>(
      `SELECT ctid::text AS at, "${column}"::text AS body FROM "${table}" WHERE ctid > $1::tid AND "${column}"::text ~ $2 ORDER BY ctid LIMIT ${BATCH}`,
      [after, this.pattern],
    );
  }
}
