import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EnvironmentUses } from '../environments/environment-uses.js';
import { type PolicyUse, PolicyUses } from '../throttling/policy-uses.js';
import { DeploymentEntity } from './revisions/deployment.entity.js';

/** An API or one of its revisions, which may be restored or deployed, under the advanced policy $2: as a whole or in one of its operations. */
const ADVANCED_POLICY_USE = `
  SELECT 1 FROM (
    SELECT details FROM apis WHERE organization = $1
    UNION ALL
    SELECT snapshot->'details' FROM api_revisions WHERE organization = $1) AS used
  WHERE details->>'apiThrottlingPolicy' = $2
    OR details->'operations' @> jsonb_build_array(jsonb_build_object('throttlingPolicy', $2::text))
  LIMIT 1`;

/** An API or one of its revisions that offers the plan $2, to everybody or to a consumer organization, or a client certificate whose calls are under it. */
const PLAN_USE = `
  SELECT 1 FROM (
    SELECT to_jsonb(policies) AS policies, details FROM apis WHERE organization = $1
    UNION ALL
    SELECT snapshot->'policies', snapshot->'details' FROM api_revisions WHERE organization = $1) AS used
  WHERE policies ? $2
    OR EXISTS (SELECT 1 FROM jsonb_array_elements(details->'organizationPolicies') AS entry WHERE entry->'policies' ? $2)
  UNION ALL
  SELECT 1 FROM api_client_certificates WHERE organization = $1 AND tier = $2
  UNION ALL
  SELECT 1 FROM api_revision_parts
  WHERE organization = $1 AND part = 'api_client_certificates' AND rows @> jsonb_build_array(jsonb_build_object('tier', $2::text))
  LIMIT 1`;

/** Keeps policies and environments from being deleted while an API names them. */
@Injectable()
export class ApiUses implements OnModuleInit {
  constructor(
    private readonly policies: PolicyUses,
    private readonly environments: EnvironmentUses,
  ) {}

  onModuleInit(): void {
    this.policies.register('advanced', isFound(ADVANCED_POLICY_USE));
    this.policies.register('subscription', isFound(PLAN_USE));
    this.environments.register((tx, organization, environment) => tx.em.existsBy(DeploymentEntity, { organization, environment }));
  }
}

const isFound =
  (statement: string): PolicyUse =>
  async (tx, organization, name) => {
    const rows: readonly unknown[] = await tx.em.query(statement, [organization, name]);
    return rows.length > 0;
  };
