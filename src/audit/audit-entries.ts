import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PageQuery } from '../platform/http/page.js';
import type { AuditEntryDto } from './audit.dto.js';
import type { AuditFilter } from './audit-filter.js';

/** Rows of an export that are read at a time. */
const READ_AT_ONCE = 200;

/** To the microsecond, so that what an entry says of its time finds it again. */
const timeText = (expression: string) => `to_char((${expression}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const SELECTED = `SELECT entry.id, ${timeText('entry.at')} AS at, entry.actor AS "user", entry.address, entry.action,
  entry.kind, entry.entity_id AS "entityId", entry.entity_name AS "entityName", entry.parent_id AS "parentId",
  entry.transaction_id::text AS "transactionId", entry.before, entry.after FROM audit_entries AS entry`;

/** Reads what the triggers of the tables wrote. Always of one tenant. */
@Injectable()
export class AuditEntries {
  constructor(private readonly database: DataSource) {}

  /** A page, newest first; how many entries there are in all; and the time by which all of them had happened, for the further pages. */
  async list(
    organization: string,
    filter: AuditFilter,
    { limit, offset }: Pick<PageQuery, 'limit' | 'offset'>,
  ): Promise<{ readonly entries: readonly AuditEntryDto[]; readonly total: number; readonly end: string }> {
    const { where, parameters } = conditionOf(organization, filter);
    const [first, second] = [`$${parameters.length + 1}`, `$${parameters.length + 2}`];
    const [entries, counted]: [readonly AuditEntryDto[], readonly { total: number; end: string | null }[]] = await Promise.all([
      this.database.query(`${SELECTED} WHERE ${where} ORDER BY entry.at DESC, entry.id DESC LIMIT ${first} OFFSET ${second}`, [
        ...parameters,
        limit,
        offset,
      ]),
      this.database.query(
        `SELECT count(*)::int AS total, ${timeText("max(entry.at) + interval '1 microsecond'")} AS end FROM audit_entries AS entry WHERE ${where}`,
        [...parameters],
      ),
    ]);
    return { entries, total: counted[0]?.total ?? 0, end: counted[0]?.end ?? '' };
  }

  /** All entries, oldest first, a few at a time: neither memory nor a transaction grows with their number. */
  async *all(organization: string, filter: AuditFilter): AsyncGenerator<AuditEntryDto> {
    const { where, parameters } = conditionOf(organization, filter);
    const [at, id, size] = [1, 2, 3].map((place) => `$${parameters.length + place}`);
    const statement = `${SELECTED} WHERE ${where} AND (entry.at, entry.id) > (${at}::timestamptz, ${id}::uuid) ORDER BY entry.at, entry.id LIMIT ${size}`;
    let last: Pick<AuditEntryDto, 'at' | 'id'> = { at: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
    for (;;) {
      const batch: readonly AuditEntryDto[] = await this.database.query(statement, [...parameters, last.at, last.id, READ_AT_ONCE]);
      yield* batch;
      const end = batch.at(-1);
      if (batch.length < READ_AT_ONCE || !end) return;
      last = end;
    }
  }
}

const conditionOf = (
  organization: string,
  { from, to, user, kind, entityId, action }: AuditFilter,
): { readonly where: string; readonly parameters: readonly unknown[] } => {
  const parameters: unknown[] = [organization];
  const conditions = ['entry.organization = $1'];
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value === undefined) return;
    parameters.push(value);
    conditions.push(condition(`$${parameters.length}`));
  };
  add(from, (place) => `entry.at >= ${place}::timestamptz`);
  add(to, (place) => `entry.at < ${place}::timestamptz`);
  // Users of the tenant itself go by their bare names too; names are the same in whatever letter case.
  add(user, (place) => `lower(entry.actor) IN (lower(${place}::text), lower(${place}::text || '@' || $1))`);
  add(kind, (place) => `entry.kind = ${place}`);
  add(entityId, (place) => `(entry.entity_id = ${place} OR entry.parent_id = ${place})`);
  add(action, (place) => `entry.action = ${place}`);
  return { where: conditions.join(' AND '), parameters };
};
