import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/transactions.js';

/** Whether there is what a deny policy names. */
@Injectable()
export class DenyTargetQueries {
  /** Whether the tenant has an API or a product at the path, which has the version and, but in the super tenant, `/t/<tenant>`. */
  async hasApi({ em }: Tx, organization: string, path: string): Promise<boolean> {
    return isAny(await em.query('SELECT 1 FROM apis WHERE organization = $1 AND path = $2', [organization, path]));
  }

  /** Whether the owner, without the tenant, has an application of the name. */
  async hasApplication({ em }: Tx, organization: string, owner: string, name: string): Promise<boolean> {
    const query = 'SELECT 1 FROM applications WHERE organization = $1 AND owner = $2 AND name = $3';
    return isAny(await em.query(query, [organization, owner, name]));
  }
}

const isAny = (rows: readonly unknown[]): boolean => rows.length > 0;
