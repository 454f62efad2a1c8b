import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { CUSTOM_CLAIM } from '../scim/user-attributes.js';
import { LOCAL_DIALECT } from './user-rules.js';

/** The SQL for a claim of the user `u`, by a parameter with its name: the local claim, or the free attribute of that name, which SCIM can set. */
export const claimOf = (name: string): string => `coalesce(u.claims ->> ${name}, u.claims ->> ('${CUSTOM_CLAIM}' || ${name}), '')`;

/** The local claim's name, under which users keep it. */
export const claimName = (uri: string): string => (uri.startsWith(LOCAL_DIALECT) ? uri.slice(LOCAL_DIALECT.length) : uri);

interface ClaimsRow {
  readonly name: string;
  readonly values: readonly string[];
}

/** Reads single claims of users by their configured names. */
@Injectable()
export class LocalClaims {
  constructor(private readonly database: DataSource) {}

  /**
   * The claims of these users, in the order of the URIs, by the names of the users as asked; a claim without a value is empty, an unknown user is left
   * out. One statement. Within a transaction, give its entity manager.
   */
  async ofUsers(
    organization: string,
    names: readonly string[],
    uris: readonly string[],
    em: EntityManager = this.database.manager,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows: readonly ClaimsRow[] = await em.query(
      `SELECT asked.name, ARRAY(SELECT ${claimOf('claim.name')} FROM unnest($3::text[]) WITH ORDINALITY AS claim (name, place) ORDER BY place) AS values
       FROM unnest($2::text[]) AS asked (name) JOIN users u ON u.organization = $1 AND lower(u.name) = lower(asked.name)`,
      [organization, names, uris.map(claimName)],
    );
    return new Map(rows.map(({ name, values }) => [name, values]));
  }
}
