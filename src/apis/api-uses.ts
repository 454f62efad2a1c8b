import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EnvironmentUses } from '../environments/environment-uses.js';
import { PolicyUses } from '../throttling/policy-uses.js';
import { DeploymentEntity } from './revisions/deployment.entity.js';

/** An API, or a revision that a gateway serves, under the advanced policy $2: as a whole or in one of its operations. */
const ADVANCED_POLICY_USE = `
  SELECT 1 FROM (
    SELECT details FROM apis WHERE organization = $1
    UNION ALL
    SELECT revision.snapshot->'details' FROM api_deployments deployment JOIN api_revisions revision ON revision.id = deployment.revision_id
    WHERE deployment.organization = $1) AS used
  WHERE details->>'apiThrottlingPolicy' = $2
    OR details->'operations' @> jsonb_build_array(jsonb_build_object('throttlingPolicy', $2::text))
  LIMIT 1`;

/** Keeps policies and environments from being deleted while an API names them. */
@Injectable()
export class ApiUses implements OnModuleInit {
  constructor(
    private readonly policies: PolicyUses,
    private readonly environments: EnvironmentUses,
  ) {}

  onModuleInit(): void {
    this.policies.register('advanced', async (tx, organization, name) => {
      const rows: readonly unknown[] = await tx.em.query(ADVANCED_POLICY_USE, [organization, name]);
      return rows.length > 0;
    });
    this.policies.register('subscription', async (tx, organization, name) => {
      const rows: readonly unknown[] = await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND $2 = ANY (policies) LIMIT 1', [
        organization,
        name,
      ]);
      return rows.length > 0;
    });
    this.environments.register((tx, organization, environment) => tx.em.existsBy(DeploymentEntity, { organization, environment }));
  }
}
