import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { ApiDocument } from '../domain/gateway-documents.js';
import { durationMs } from '../platform/config/duration.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';

/** What the gateways of one environment say about an API that is deployed there. */
export interface DeployedArtifact {
  readonly environment: string;
  /** What gateways were told; null once an operator has taken the API off them. */
  readonly document: ApiDocument | null;
  /** The definition of the deployed revision; null for a type without one. */
  readonly definition: string | null;
  /** Gateways of the environment that are alive. */
  readonly live: number;
  /** Those that confirmed the document as it is now, or nothing at all while there is none. */
  readonly settled: number;
  /** Why others refused it. */
  readonly refusals: readonly string[];
}

/** An API by its name and version, with what the gateways of its environments say. */
export interface ArtifactState {
  readonly apiId: string;
  readonly artifacts: readonly DeployedArtifact[];
}

/** Whether every living gateway of an environment serves the deployment, and there is one. */
export const isServed = ({ document, live, settled }: DeployedArtifact): boolean => document !== null && live > 0 && settled === live;

/**
 * Environments without a gateway say nothing; in all others every gateway has to serve what is deployed: then a call succeeds whichever of them
 * it reaches.
 */
export const isDeployed = ({ artifacts }: ArtifactState): boolean => {
  const inhabited = artifacts.filter(({ live }) => live > 0);
  return inhabited.length > 0 && inhabited.every(isServed);
};

/** Whether no living gateway serves the API any more. */
export const isGone = ({ artifacts }: ArtifactState): boolean =>
  artifacts.every(({ document, live, settled }) => document === null && settled === live);

/** Reads deployments with the acknowledgements of the gateways: what they were told is not yet what they serve. */
@Injectable()
export class DeployedArtifacts {
  constructor(
    private readonly database: DataSource,
    private readonly config: ApimConfig,
  ) {}

  /** The API of this name and version, or undefined; one statement. */
  async find(organization: string, name: string, version: string): Promise<ArtifactState | undefined> {
    const rows: readonly ({ readonly apiId: string; readonly environment: string | null } & Omit<DeployedArtifact, 'environment'>)[] =
      await this.database.query(
        `SELECT a.id AS "apiId", d.environment, document.body AS document, r.definition, told.live, told.settled, told.refusals
         FROM apis a
         LEFT JOIN api_deployments d ON d.api_id = a.id
         LEFT JOIN api_revisions r ON r.id = d.revision_id
         LEFT JOIN gateway_document document ON document.organization = a.organization AND document.kind = 'api'
           AND document.key = d.api_id || ':' || d.environment AND NOT document.deleted
         LEFT JOIN LATERAL (
           -- What a gateway said of an earlier document says nothing of this one.
           SELECT count(*)::int AS live,
             (count(*) FILTER (WHERE CASE WHEN document.seq IS NULL THEN ack.seq IS NULL ELSE ack.ok AND ack.seq >= document.seq END))::int AS settled,
             coalesce(array_agg(coalesce(ack.error, '')) FILTER (WHERE NOT ack.ok AND ack.seq >= document.seq), '{}') AS refusals
           FROM gateways g
           LEFT JOIN gateway_acknowledgements ack ON ack.gateway_id = g.gateway_id AND ack.api_id = d.api_id AND ack.environment = d.environment
           WHERE d.environment = ANY (g.labels) AND (g.tenants IS NULL OR a.organization = ANY (g.tenants)) AND NOT g.stopped AND g.last_active > now() - make_interval(secs => $4)
         ) told ON true
         WHERE a.organization = $1 AND lower(a.name) = lower($2) AND lower(a.version) = lower($3) ORDER BY d.environment`,
        [organization, name, version, durationMs(this.config.gatewayNotification.cleanup.expiryTime) / 1_000],
      );
    const [first] = rows;
    if (first === undefined) return undefined;
    const artifacts = rows.flatMap(({ apiId: _, environment, ...rest }) => (environment === null ? [] : [{ environment, ...rest }]));
    return { apiId: first.apiId, artifacts };
  }
}
