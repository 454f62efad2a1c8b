import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { claimOf } from '../users/local-claims.js';

/** A name, and whether the user or the role in question goes with it. */
export interface FlaggedRow {
  readonly name: string;
  readonly selected: boolean;
}

export interface Names {
  readonly rows: readonly FlaggedRow[];
  /** Whether there are more than the limit. */
  readonly isCut: boolean;
}

export interface NamesRequest {
  readonly organization: string;
  /** Of SQL's LIKE; compared without regard to case. */
  readonly pattern: string;
  readonly limit: number;
  /** The id of the user or the role that is asked about. */
  readonly of?: string | undefined;
  /** Leaves out what does not go with it. */
  readonly isSelectedOnly?: boolean;
}

/** More than there can be of anything. */
export const ALL = 2 ** 31 - 2;

const WITHOUT_DOMAIN = "lower(regexp_replace(r.name, '^(Internal|Application)/', '', 'i'))";

/** Names for the administration services: one statement each, whatever the size of the list. */
@Injectable()
export class StoreQueries {
  constructor(private readonly database: DataSource) {}

  /** Users by name; selected are those who hold the role in question. */
  async users(request: NamesRequest): Promise<Names> {
    return this.names(
      `SELECT u.name, EXISTS (SELECT 1 FROM user_roles ur WHERE ur.organization = u.organization AND ur.user_id = u.id AND ur.role_id = $4) AS selected
       FROM users u WHERE u.organization = $1 AND lower(u.name) LIKE lower($2)`,
      request,
    );
  }

  /** Users by the value of a claim. */
  async usersByClaim(request: NamesRequest, claim: string): Promise<Names> {
    return this.names(
      `SELECT u.name, false AS selected FROM users u
       WHERE u.organization = $1 AND lower(${claimOf('$4::text')}) LIKE lower($2) AND ${claimOf('$4::text')} <> ''`,
      { ...request, of: claim },
    );
  }

  /** Roles by name, with or without their domain; selected are those that the user in question holds, `Internal/everyone` among them. */
  async roles(request: NamesRequest, isBesideStore = false): Promise<Names> {
    return this.names(
      `SELECT r.name, ($4::uuid IS NOT NULL AND r.name = 'Internal/everyone') OR
         EXISTS (SELECT 1 FROM user_roles ur WHERE ur.organization = r.organization AND ur.role_id = r.id AND ur.user_id = $4) AS selected
       FROM roles r WHERE r.organization = $1 AND (lower(r.name) LIKE lower($2) OR ${WITHOUT_DOMAIN} LIKE lower($2))
         ${isBesideStore ? "AND r.name ~* '^(Internal|Application)/'" : ''}`,
      request,
    );
  }

  /** All users who hold a role, by name. */
  async holders(organization: string, roleId: string): Promise<readonly string[]> {
    const rows: readonly { name: string }[] = await this.database.query(
      `SELECT u.name FROM user_roles ur JOIN users u ON u.organization = ur.organization AND u.id = ur.user_id
       WHERE ur.organization = $1 AND ur.role_id = $2 ORDER BY lower(u.name)`,
      [organization, roleId],
    );
    return rows.map(({ name }) => name);
  }

  /** The ids of all users who hold a role. */
  async holderIds(em: EntityManager, organization: string, roleId: string): Promise<readonly string[]> {
    const rows: readonly { id: string }[] = await em.query(
      'SELECT user_id AS id FROM user_roles WHERE organization = $1 AND role_id = $2',
      [organization, roleId],
    );
    return rows.map(({ id }) => id);
  }

  /** The ids of users by their names as asked; who is unknown is left out. */
  async userIds(em: EntityManager, organization: string, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows: readonly { id: string; name: string }[] = await em.query(
      `SELECT u.id, asked.name FROM unnest($2::text[]) AS asked (name) JOIN users u ON u.organization = $1 AND lower(u.name) = lower(asked.name)`,
      [organization, names],
    );
    return new Map(rows.map(({ id, name }) => [name, id]));
  }

  /** The user of this name, kept from being deleted until the transaction ends. */
  async heldUser(em: EntityManager, organization: string, name: string): Promise<string | undefined> {
    const [row]: readonly { id: string }[] = await em.query(
      'SELECT id FROM users WHERE organization = $1 AND lower(name) = lower($2) FOR NO KEY UPDATE',
      [organization, name],
    );
    return row?.id;
  }

  /** The names of the roles that a user was given. */
  async rolesOf(em: EntityManager, organization: string, userId: string): Promise<readonly string[]> {
    const rows: readonly { name: string }[] = await em.query(
      `SELECT r.name FROM user_roles ur JOIN roles r ON r.organization = ur.organization AND r.id = ur.role_id
       WHERE ur.organization = $1 AND ur.user_id = $2`,
      [organization, userId],
    );
    return rows.map(({ name }) => name);
  }

  private async names(sql: string, { organization, pattern, limit, of, isSelectedOnly }: NamesRequest): Promise<Names> {
    // One more than asked for tells whether there are more.
    const rows: readonly FlaggedRow[] = await this.database.query(
      `SELECT name, selected FROM (${sql}) AS listed WHERE selected OR NOT $5 ORDER BY lower(name) LIMIT $3`,
      [organization, pattern, limit + 1, of ?? null, isSelectedOnly ?? false],
    );
    return { rows: rows.slice(0, limit), isCut: rows.length > limit };
  }
}
