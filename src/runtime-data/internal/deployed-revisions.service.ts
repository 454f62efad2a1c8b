import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import { everythingOf } from '../addressed-tenants.js';
import type { DeployedAPIRevisionDto, UnDeployedAPIRevisionDto } from './deployed-revisions.dto.js';
import { NothingDeployed } from './internal-data.problems.js';

/**
 * What gateways outside that have no name of their own say of deployments: when one was confirmed shows in the publisher. How many gateways serve it does
 * not follow from that; those that count register (`reference/operations.md` §4).
 */
@Injectable()
export class DeployedRevisions {
  constructor(private readonly transactions: Transactions) {}

  /**
   * Notes that revisions are served. What is of no deployment as it is now, or of none of the caller's, is passed over.
   * @throws NothingDeployed (404) where that is all of it.
   */
  async deployed(caller: User, revisions: readonly DeployedAPIRevisionDto[]): Promise<void> {
    const named = revisions
      .filter(({ apiId }) => isUUID(apiId))
      .flatMap(({ apiId, revisionId: number, envInfo }) => envInfo.map(({ name, vhost }) => ({ apiId, number, name, vhost })));
    const noted = await this.transactions.run(async ({ em }) => {
      // Against a deployment that begins or ends at the same time.
      await em.query('SELECT 1 FROM apis WHERE id = ANY ($1::uuid[]) AND ($2::text IS NULL OR organization = $2) ORDER BY id FOR SHARE', [
        [...new Set(named.map(({ apiId }) => apiId))],
        everythingOf(caller),
      ]);
      const rows: readonly unknown[] = await em.query(
        `INSERT INTO deployed_revisions (api_id, environment, organization, revision_id)
         SELECT DISTINCT d.api_id, d.environment, d.organization, d.revision_id
         FROM jsonb_to_recordset($1::jsonb) AS n("apiId" uuid, number int, name text, vhost text)
         JOIN api_deployments d ON d.api_id = n."apiId" AND d.environment = n.name AND lower(d.vhost) = lower(coalesce(n.vhost, d.vhost))
         JOIN api_revisions r ON r.id = d.revision_id AND r.number = n.number
         WHERE NOT d.withdrawn AND ($2::text IS NULL OR d.organization = $2) ORDER BY d.api_id, d.environment
         ON CONFLICT (api_id, environment) DO UPDATE SET revision_id = excluded.revision_id, reported_at = excluded.reported_at
         RETURNING api_id`,
        [JSON.stringify(named), everythingOf(caller)],
      );
      return rows.length;
    });
    if (noted === 0) throw NothingDeployed();
  }

  /** Forgets that a revision is served; what nobody said, or what is not the caller's, is forgotten already. */
  async undeployed(caller: User, { apiUUID, revisionUUID, environment }: UnDeployedAPIRevisionDto): Promise<void> {
    if (!isUUID(apiUUID) || !isUUID(revisionUUID)) return;
    await this.transactions.run(({ em }) =>
      em.query(
        `DELETE FROM deployed_revisions
         WHERE api_id = $1 AND revision_id = $2 AND environment = $3 AND ($4::text IS NULL OR organization = $4)`,
        [apiUUID, revisionUUID, environment, everythingOf(caller)],
      ),
    );
  }
}
