import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import { BadRequest, Forbidden } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { TransactionRecordDto } from './gateways.dto.js';

const MILLISECONDS_FROM = 100_000_000_000;
/** The years that are written with four digits, from 1 to 9999; the database has no year 0. */
const MOMENTS = { first: Date.parse('0001-01-01T00:00:00Z'), last: Date.parse('9999-12-31T23:59:59.999Z') };

/** How many calls gateways carried, which is the whole installation's business. */
@Injectable()
export class TransactionCounts {
  constructor(private readonly database: DataSource) {}

  /** A record that was sent before is passed over. @throws Forbidden (403) for other tenants, BadRequest (400) for a time that is none. */
  async add(caller: User, records: readonly TransactionRecordDto[]): Promise<void> {
    refuseOthers(caller);
    const rows = records.map((record) => ({ ...record, recordedTime: momentOf('recordedTime', record.recordedTime).toISOString() }));
    await this.database.query(
      `INSERT INTO transaction_records (id, server_id, server_type, host, count, recorded_at)
       SELECT id, coalesce("serverID", ''), coalesce("serverType", ''), coalesce(host, ''), count, "recordedTime"
       FROM jsonb_to_recordset($1::jsonb) AS r(id text, "serverID" text, "serverType" text, host text, count int, "recordedTime" timestamptz)
       ON CONFLICT (id) DO NOTHING`,
      [JSON.stringify(rows)],
    );
  }
}

const refuseOthers = ({ organization }: User): void => {
  if (organization !== SUPER_TENANT) throw Forbidden('Transactions are counted for all tenants together: only the super tenant sees them.');
};

/** Seconds or milliseconds since the epoch, or a date as ISO 8601 has it, with a blank or a `T` before the time; without a zone it is UTC. */
export const momentOf = (name: string, text: string | undefined): Date => {
  const sent = (text ?? '').trim();
  const number = /^\d{1,16}$/.test(sent) ? Number(sent) : Number.NaN;
  const dated = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(sent);
  const iso = dated && `${sent.replace(' ', 'T')}${dated[1] !== undefined && dated[4] === undefined ? 'Z' : ''}`;
  const ms = Number.isNaN(number) ? Date.parse(iso ?? '') : number * (number < MILLISECONDS_FROM ? 1_000 : 1);
  if (Number.isNaN(ms) || ms < MOMENTS.first || ms > MOMENTS.last)
    throw BadRequest(`${name} must be a time, such as 2026-01-31T12:00:00Z or 1769860800.`);
  return new Date(ms);
};
