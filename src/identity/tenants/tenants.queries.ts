import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { Claims } from '../users/user.entity.js';
import { isStorable } from '../users/user-rules.js';
import type { TenantFilter } from './tenant-list.js';
import { DomainUnknown, TenantUnknown } from './tenants.problems.js';

/** A created tenant with its owner. */
export interface TenantRow {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly active: boolean;
  readonly createdAt: Date;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly ownerClaims: Claims;
  /** The small number in tokens and gateway data. */
  readonly tenantId: number;
}

export interface TenantWindow {
  readonly limit: number;
  readonly offset: number;
  readonly filter: TenantFilter | undefined;
  readonly order: 'ASC' | 'DESC' | undefined;
}

const SELECT = `
  SELECT t.id, t.name, t.organization AS domain, t.active, t.created_at AS "createdAt", u.id AS "ownerId", u.name AS "ownerName",
    u.claims AS "ownerClaims", t.tenant_id AS "tenantId"
  FROM tenants t JOIN users u ON u.organization = t.organization AND u.id = t.owner_id`;

/** Reads of tenants together with their owners. The super tenant is none of them: it is not managed here. */
@Injectable()
export class TenantQueries {
  constructor(private readonly database: DataSource) {}

  async list({ limit, offset, filter, order }: TenantWindow): Promise<{ readonly rows: readonly TenantRow[]; readonly total: number }> {
    const condition = `t.organization <> $1 AND t.organization LIKE $2`;
    const parameters = [SUPER_TENANT, filter?.pattern ?? '%'];
    const sorting = order ? `t.organization ${order}` : 't.tenant_id';
    const [rows, [{ total }]]: [TenantRow[], [{ total: number }]] = await Promise.all([
      this.database.query(`${SELECT} WHERE ${condition} ORDER BY ${sorting} LIMIT $3 OFFSET $4`, [...parameters, limit, offset]),
      this.database.query(`SELECT count(*)::int AS total FROM tenants t WHERE ${condition}`, parameters),
    ]);
    return { rows, total };
  }

  /** @throws TenantUnknown (400). */
  async byId(id: string): Promise<TenantRow> {
    if (!isStorable(id)) throw TenantUnknown(id);
    const rows: readonly TenantRow[] = await this.database.query(`${SELECT} WHERE t.organization <> $1 AND t.id::text = lower($2)`, [
      SUPER_TENANT,
      id,
    ]);
    return found(rows[0], TenantUnknown, id);
  }

  /** @throws DomainUnknown (400). */
  async byDomain(domain: string): Promise<TenantRow> {
    return found(await this.find(domain), DomainUnknown, domain);
  }

  async find(domain: string): Promise<TenantRow | undefined> {
    if (!isStorable(domain)) return undefined;
    const rows: readonly TenantRow[] = await this.database.query(`${SELECT} WHERE t.organization <> $1 AND t.organization = $2`, [
      SUPER_TENANT,
      domain,
    ]);
    return rows[0];
  }

  /** Domains of the created tenants that are active, or of those that are not, in the order of their creation. */
  async domains(active: boolean): Promise<readonly string[]> {
    const rows: readonly { domain: string }[] = await this.database.query(
      'SELECT organization AS domain FROM tenants WHERE organization <> $1 AND active = $2 ORDER BY tenant_id',
      [SUPER_TENANT, active],
    );
    return rows.map(({ domain }) => domain);
  }
}
