import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { claimName, claimOf } from '../users/local-claims.js';
import type { Membership } from './membership.js';

/** A user's organization in the words of the user's own claims. */
export interface ClaimedOrganization {
  /** The external id; empty for a user without one. */
  readonly externalId: string;
  readonly name: string;
}

interface MembershipRow {
  readonly hasOrganizations: boolean;
  readonly memberOf: string | null;
  readonly isParent: boolean;
}

const MEMBERSHIP = `
  WITH caller AS (SELECT ${claimOf('$3::text')} AS claim FROM users u WHERE u.organization = $1 AND u.id = $2::uuid)
  SELECT EXISTS (SELECT 1 FROM consumer_organizations WHERE organization = $1) AS "hasOrganizations",
    (SELECT o.id FROM consumer_organizations o JOIN caller ON caller.claim = o.external_id WHERE o.organization = $1) AS "memberOf",
    EXISTS (SELECT 1 FROM consumer_organizations o JOIN caller ON caller.claim = o.parent_id WHERE o.organization = $1) AS "isParent"`;

/** Tells who belongs to which consumer organization, by the users' claims (`reference/identity.md` §7). */
@Injectable()
export class Memberships {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
  ) {}

  /** Where the caller, or a guest, stands in the tenant; one statement. Within a transaction, give its entity manager. */
  async of(organization: string, caller: User | undefined, em: EntityManager = this.database.manager): Promise<Membership> {
    const { enable, organizationIdLocalClaim } = this.config.organizationBasedAccessControl;
    if (!enable) return { kind: 'none' };
    const [row]: readonly MembershipRow[] = await em.query(MEMBERSHIP, [
      organization,
      caller?.id ?? null,
      claimName(organizationIdLocalClaim),
    ]);
    if (!row?.hasOrganizations) return { kind: 'undivided' };
    if (row.memberOf !== null) return { kind: 'member', id: row.memberOf };
    return { kind: row.isParent ? 'parent' : 'stranger' };
  }

  /** What the user's claims say. */
  async claimed(
    { organization, id }: Pick<User, 'organization' | 'id'>,
    em: EntityManager = this.database.manager,
  ): Promise<ClaimedOrganization> {
    const { organizationIdLocalClaim, organizationNameLocalClaim } = this.config.organizationBasedAccessControl;
    const [row]: readonly ClaimedOrganization[] = await em.query(
      `SELECT ${claimOf('$3::text')} AS "externalId", ${claimOf('$4::text')} AS name FROM users u WHERE u.organization = $1 AND u.id = $2`,
      [organization, id, claimName(organizationIdLocalClaim), claimName(organizationNameLocalClaim)],
    );
    return row ?? { externalId: '', name: '' };
  }
}
