import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import { ArchiveExports, type RuntimeDeployment } from '../../apis/archives/archive-exports.service.js';
import { GatewayPolicyArchives, type GatewayPolicyUse } from '../../apis/gateway-policies/gateway-policy-archives.js';
import { BadRequest } from '../../domain/problem.js';
import { NoArtifacts } from './internal-data.problems.js';

/** What artifacts are asked for by. */
export interface ArtifactChoice {
  /** Null: of all tenants. */
  readonly organization: string | null;
  readonly apiIds?: readonly string[] | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Environments; undefined: any. */
  readonly labels?: readonly string[] | undefined;
}

interface DeploymentRow extends RuntimeDeployment {
  readonly name: string;
  readonly version: string;
  readonly path: string;
}

/** More is no longer one answer: a gateway asks by tenant, or by API. */
const DEPLOYMENTS_MAX = 1_000;

/** Packs what is deployed for gateways of others. */
@Injectable()
export class RuntimeArtifacts {
  constructor(
    private readonly database: DataSource,
    private readonly archives: ArchiveExports,
    private readonly gatewayPolicies: GatewayPolicyArchives,
  ) {}

  /** @throws NoArtifacts (404) where nothing is found, BadRequest (400) where it is too much for one archive. */
  async archive(choice: ArtifactChoice): Promise<Buffer> {
    return this.archives.runtimeArchive(await this.deployments(choice));
  }

  /** What the archive would say of the deployments, without their APIs. @throws as {@link archive}. */
  async metadata(choice: ArtifactChoice): Promise<object> {
    const deployments = (await this.deployments(choice)).map(({ apiId, revisionId, organization, environment, vhost, path, version }) => ({
      apiFile: `${apiId}-${revisionId}.zip`,
      environments: [{ name: environment, vhost }],
      organizationId: organization,
      apiContext: path,
      version,
    }));
    return { type: 'deployments', version: 'v4.7.0', data: { deployments } };
  }

  /** The policies of whole gateways: one set, or those of the labels. @throws as {@link archive}. */
  async policyArchive(organization: string | null, mappingId: string | undefined, labels: readonly string[] | undefined): Promise<Buffer> {
    const uses: readonly GatewayPolicyUse[] = await this.database.query(
      `SELECT organization, mapping_id AS "mappingId", label FROM gateway_policy_deployments
       WHERE ($1::text IS NULL OR organization = $1) AND ($2::text IS NULL OR mapping_id::text = lower($2))
         AND ($3::text[] IS NULL OR label = ANY ($3)) ORDER BY organization, label LIMIT $4`,
      [organization, mappingId ?? null, labels ?? null, DEPLOYMENTS_MAX + 1],
    );
    return this.gatewayPolicies.archive(fewEnough(uses));
  }

  private async deployments({ organization, apiIds, name, version, labels }: ArtifactChoice): Promise<readonly DeploymentRow[]> {
    const rows: readonly DeploymentRow[] = await this.database.query(
      `SELECT d.organization, d.api_id AS "apiId", d.revision_id AS "revisionId", d.environment, d.vhost, a.name, a.version, a.path
       FROM api_deployments d JOIN apis a ON a.id = d.api_id
       WHERE NOT d.withdrawn AND ($1::text IS NULL OR d.organization = $1) AND ($2::uuid[] IS NULL OR d.api_id = ANY ($2))
         AND ($3::text IS NULL OR a.name = $3) AND ($4::text IS NULL OR a.version = $4) AND ($5::text[] IS NULL OR d.environment = ANY ($5))
       ORDER BY d.organization, d.api_id, d.environment LIMIT $6`,
      [organization, apiIds?.filter((id) => isUUID(id)) ?? null, name ?? null, version ?? null, labels ?? null, DEPLOYMENTS_MAX + 1],
    );
    return fewEnough(rows);
  }
}

/** @throws NoArtifacts (404), BadRequest (400). */
const fewEnough = <T>(rows: readonly T[]): readonly T[] => {
  if (rows.length === 0) throw NoArtifacts();
  if (rows.length <= DEPLOYMENTS_MAX) return rows;
  throw BadRequest(
    `More than ${DEPLOYMENTS_MAX} deployments match. Ask for those of one tenant, one gatewayLabel or single ones by their id.`,
  );
};

/** Labels as gateways send them: joined by `|`, in base64. */
export const labelsIn = (text: string | undefined): readonly string[] | undefined => {
  if (text === undefined) return undefined;
  return Buffer.from(text, 'base64').toString('utf8').replaceAll('\0', '\uFFFD').split('|');
};
