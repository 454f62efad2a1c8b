import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Api } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';
import { ApiCopies } from '../versions/api-copies.js';

/**
 * Tables whose rows belong to an API: their key begins with `api_id`, and `organization` stands beside it. A column that a table gets later must take
 * null, which the rows of older revisions have there.
 */
export const API_TABLES = [
  'api_endpoints',
  'api_client_certificates',
  'api_sequence_backends',
  'api_resource_policies',
  'api_wsdls',
] as const;
export type ApiTable = (typeof API_TABLES)[number];

/** Keeps what an API has in tables of its own with its revisions, and carries it to its new versions. Never loads the rows. */
@Injectable()
export class ApiTables implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly copies: ApiCopies,
  ) {}

  onModuleInit(): void {
    this.copies.register((tx, from, to) => this.copy(tx, from, to));
  }

  /** Keeps the rows of the API as they are now with the revision. */
  async keep({ em }: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, revisionId: string): Promise<void> {
    for (const table of API_TABLES) {
      await em.query(
        `INSERT INTO api_revision_parts (revision_id, organization, part, rows)
         SELECT $3, $1, $4, coalesce(jsonb_agg(to_jsonb(kept)), '[]') FROM ${table} AS kept WHERE organization = $1 AND api_id = $2`,
        [organization, id, revisionId, table],
      );
    }
  }

  /** Gives the API the rows that the revision kept; a table that the revision knows nothing of stays as it is. */
  async restore({ em }: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, revisionId: string): Promise<void> {
    const parts: readonly { part: string }[] = await em.query(
      'SELECT part FROM api_revision_parts WHERE organization = $1 AND revision_id = $2',
      [organization, revisionId],
    );
    for (const table of API_TABLES) {
      if (!parts.some(({ part }) => part === table)) continue;
      await em.query(`DELETE FROM ${table} WHERE organization = $1 AND api_id = $2`, [organization, id]);
      await em.query(
        `INSERT INTO ${table} SELECT kept.* FROM api_revision_parts, jsonb_populate_recordset(NULL::${table}, rows) AS kept
         WHERE api_revision_parts.organization = $1 AND revision_id = $2 AND part = $3`,
        [organization, revisionId, table],
      );
    }
  }

  /** Gives a new version the rows of the API it is made from; the keys below the API stay the same. */
  private async copy({ em }: Tx, from: Pick<Api, 'organization' | 'id'>, to: Pick<Api, 'id'>): Promise<void> {
    for (const table of API_TABLES) {
      await em.query(
        `INSERT INTO ${table} SELECT copied.* FROM ${table} AS source,
         jsonb_populate_record(NULL::${table}, to_jsonb(source) || jsonb_build_object('api_id', $3::uuid)) AS copied
         WHERE source.organization = $1 AND source.api_id = $2`,
        [from.organization, from.id, to.id],
      );
    }
  }

  /** The rows of the API, or of one of its revisions, with columns named as in the table. */
  async rows<T extends object>(
    table: ApiTable,
    { organization, id }: Pick<Api, 'organization' | 'id'>,
    revisionId: string | null,
    em: EntityManager = this.database.manager,
  ): Promise<readonly T[]> {
    return revisionId === null
      ? em.query(`SELECT * FROM ${table} WHERE organization = $1 AND api_id = $2`, [organization, id])
      : em.query(
          `SELECT kept.* FROM api_revision_parts, jsonb_populate_recordset(NULL::${table}, rows) AS kept
           WHERE api_revision_parts.organization = $1 AND revision_id = $2 AND part = $3`,
          [organization, revisionId, table],
        );
  }
}
