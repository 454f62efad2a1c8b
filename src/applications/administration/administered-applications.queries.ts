import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Application } from '../../domain/application.js';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import { BadRequest } from '../../domain/problem.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import { containing } from '../applications.queries.js';

const SORT_COLUMNS = { name: 'lower(name)', owner: 'lower(owner)' } as const;
const SORT_ORDERS = { asc: 'ASC', desc: 'DESC' } as const;

export interface AdministeredQuery {
  readonly limit: number;
  readonly offset: number;
  /** A part of the owner's name, in any letter case; empty for none. */
  readonly owner: string;
  /** A part of the application's name, in any letter case; empty for none. An application is found by either. */
  readonly name: string;
  readonly sortBy: keyof typeof SORT_COLUMNS;
  readonly sortOrder: keyof typeof SORT_ORDERS;
}

/** A key manager that an application has keys of. */
export type UsedKeyManager = Pick<KeyManager, 'id' | 'organization' | 'name' | 'type' | 'description' | 'enabled' | 'tokenType'>;

export type AdministeredApplication = Pick<
  Application,
  'id' | 'organization' | 'name' | 'owner' | 'status' | 'tokenType' | 'groups' | 'createdAt'
> & {
  readonly keyManagers: readonly UsedKeyManager[];
};

type Row = Omit<AdministeredApplication, 'id'> & {
  readonly total: string;
  readonly place: string;
  /** Null where the page is empty; then nothing but the total is there. */
  readonly id: string | null;
};

const isKey = <T extends object>(object: T, text: string): text is Extract<keyof T, string> => Object.hasOwn(object, text);

/** Reads the sort parameters of the wire; left out or empty they mean the name, ascending. @throws BadRequest (400) for any other word. */
export const administeredSorting = (sortBy = '', sortOrder = ''): Pick<AdministeredQuery, 'sortBy' | 'sortOrder'> => {
  const column = sortBy || 'name';
  const order = sortOrder || 'asc';
  if (!isKey(SORT_COLUMNS, column)) throw BadRequest('Invalid value for the query parameter sortBy: name or owner is expected');
  if (!isKey(SORT_ORDERS, order)) throw BadRequest('Invalid value for the query parameter sortOrder: asc or desc is expected');
  return { sortBy: column, sortOrder: order };
};

/** The applications of a tenant, whoever owns them. */
@Injectable()
export class AdministeredApplications {
  constructor(private readonly database: DataSource) {}

  /** One page of those that match, with the key managers of their keys, and how many there are: one statement, whatever the size. */
  async list(
    organization: string,
    { owner, name, sortBy, sortOrder, limit, offset }: AdministeredQuery,
  ): Promise<{ readonly items: readonly AdministeredApplication[]; readonly total: number }> {
    // Postgres has no zero bytes, so no name holds one.
    if (`${owner}${name}`.includes('\0')) return { items: [], total: 0 };
    const order = `${SORT_COLUMNS[sortBy]} ${SORT_ORDERS[sortOrder]}, id`;
    const rows: readonly Row[] = await this.database.query(
      `WITH hits AS (SELECT id, organization, name, owner, status, token_type, groups, created_at FROM applications WHERE organization = $1
         AND ($2::text = '' AND $3::text = '' OR $2 <> '' AND owner ILIKE $2 OR $3 <> '' AND name ILIKE $3))
       SELECT counted.total, one.* FROM (SELECT count(*) AS total FROM hits) AS counted LEFT JOIN LATERAL (
         SELECT page.place, page.id, page.organization, page.name, page.owner, page.status, page.token_type AS "tokenType", page.groups, page.created_at AS "createdAt",
           ARRAY(SELECT jsonb_build_object('id', manager.id, 'organization', manager.organization, 'name', manager.name, 'type', manager.type,
               'description', manager.description, 'enabled', manager.enabled, 'tokenType', manager.settings -> 'tokenType')
             FROM key_managers AS manager WHERE EXISTS (SELECT 1 FROM application_keys AS key WHERE key.application_id = page.id
               AND key.key_manager = manager.name AND manager.organization IN (key.key_manager_organization, $6))
             ORDER BY manager.name, manager.id) AS "keyManagers"
         FROM (SELECT *, row_number() OVER (ORDER BY ${order}) AS place FROM hits ORDER BY ${order} LIMIT $4 OFFSET $5) AS page
       ) AS one ON true ORDER BY one.place`,
      [organization, containing(owner), containing(name), limit, offset, GLOBAL_ORGANIZATION],
    );
    const items = rows.flatMap(({ total: _total, place: _place, id, ...application }) => (id === null ? [] : [{ id, ...application }]));
    return { items, total: Number(rows[0]?.total ?? 0) };
  }
}
