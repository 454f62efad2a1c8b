import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SUPER_TENANT } from '../../domain/organization.js';
import type { PolicyLevel } from '../../domain/throttling.js';
import { numberOf } from '../../throttling/throttling-policy.js';
import { type Listed, listed, type Window } from '../listed.js';
import type { PolicyRow, RuleRow } from './policy-data.mapper.js';

interface Filter {
  /** Null: of all tenants. */
  readonly organization: string | null;
  readonly name?: string | undefined;
}

/** Deny policies in force, by what they are about. */
export interface BlockBody {
  readonly api: readonly string[];
  readonly application: readonly string[];
  readonly ip: readonly object[];
  readonly user: readonly string[];
  readonly custom: readonly string[];
  readonly subscription: readonly string[];
}

/** Reads what limits and forbids calls: one statement each. */
@Injectable()
export class PolicyRows {
  constructor(private readonly database: DataSource) {}

  policies(level: PolicyLevel, { organization, name }: Filter, window: Window): Promise<Listed<PolicyRow>> {
    return listed(
      this.database,
      `SELECT p.id, p.organization, t.tenant_id AS "tenantId", p.level, p.name, p.quota, p.burst, p.stop_on_quota_reach AS "stopOnQuotaReach", p.plan,
         p.conditional_groups AS "conditionalGroups"
       FROM throttling_policies p JOIN tenants t ON t.organization = p.organization
       WHERE p.level = $1 AND ($2::text IS NULL OR p.organization = $2) AND ($3::text IS NULL OR p.name = $3)`,
      [level, organization, name ?? null],
      window,
      '"tenantId", name',
    );
  }

  /** Custom rules: only the super tenant has any. */
  rules({ organization, name }: Filter, window: Window): Promise<Listed<RuleRow>> {
    return listed(
      this.database,
      `SELECT r.id, r.organization, t.tenant_id AS "tenantId", r.name, r.siddhi_query AS "siddhiQuery", r.key_template AS "keyTemplate"
       FROM custom_rules r JOIN tenants t ON t.organization = r.organization
       WHERE r.organization = '${SUPER_TENANT}' AND ($1::text IS NULL OR r.organization = $1) AND ($2::text IS NULL OR r.name = $2)`,
      [organization, name ?? null],
      window,
      'name',
    );
  }

  async keyTemplates(organization: string | null): Promise<readonly string[]> {
    const rows: readonly { template: string }[] = await this.database.query(
      `SELECT DISTINCT key_template AS template FROM custom_rules
       WHERE organization = '${SUPER_TENANT}' AND ($1::text IS NULL OR organization = $1) ORDER BY 1`,
      [organization],
    );
    return rows.map(({ template }) => template);
  }

  async blocked(organization: string | null): Promise<BlockBody> {
    const rows: readonly { id: string; organization: string; type: string; value: string | object }[] = await this.database.query(
      `SELECT id, organization, type, value FROM deny_policies WHERE active AND ($1::text IS NULL OR organization = $1) ORDER BY created_at, id`,
      [organization],
    );
    const texts = (wanted: string) => rows.flatMap(({ type, value }) => (type === wanted && typeof value === 'string' ? [value] : []));
    return {
      api: texts('API'),
      application: texts('APPLICATION'),
      ip: rows.flatMap(({ id, organization: tenantDomain, type, value }) =>
        typeof value === 'object' ? [{ type, ...value, tenantDomain, id: numberOf({ id }) }] : [],
      ),
      user: texts('USER'),
      custom: [],
      subscription: [],
    };
  }
}
