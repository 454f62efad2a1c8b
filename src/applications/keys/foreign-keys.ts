import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Application } from '../../domain/application.js';
import { ClosedTenant } from './application-keys.problems.js';

/** Keys at the key managers of other tenants, for the APIs there (`reference/devportal.md` §8). */
@Injectable()
export class ForeignKeys {
  constructor(private readonly database: DataSource) {}

  /**
   * Lets an application have clients in a tenant that opened an API to its own: where nobody may subscribe, nobody else's client has any business.
   * @throws ClosedTenant (403)
   */
  async check({ organization, id }: Pick<Application, 'organization' | 'id'>, tenant: string): Promise<void> {
    if (tenant === organization) return;
    const rows: readonly unknown[] = await this.database.query(
      `SELECT 1 FROM apis WHERE organization = $1 AND (
         id IN (SELECT api_id FROM subscriptions WHERE organization = $2 AND application_id = $3) OR status IN ('PUBLISHED', 'PROTOTYPED') AND (
           details ->> 'subscriptionAvailability' = 'ALL_TENANTS' OR
           details ->> 'subscriptionAvailability' = 'SPECIFIC_TENANTS' AND details -> 'subscriptionAvailableTenants' ? $2)) LIMIT 1`,
      [tenant, organization, id],
    );
    if (rows.length === 0) throw ClosedTenant(tenant);
  }
}
