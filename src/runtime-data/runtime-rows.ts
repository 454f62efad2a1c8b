import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource } from 'typeorm';
import type { ApiDetails, ApiOperation } from '../domain/api.js';
import type { OperationDocument, SubscriptionState } from '../domain/gateway-documents.js';
import { type Listed, listed, type Window } from './listed.js';

/** An API as gateways know it; one that is not deployed, as its publisher has it. */
export interface ApiRow {
  readonly id: string;
  readonly number: number;
  readonly organization: string;
  readonly provider: string;
  readonly name: string;
  readonly version: string;
  /** Tenant prefix and version included. */
  readonly path: string;
  readonly contextTemplate: string;
  readonly type: string;
  readonly status: string;
  readonly isDefaultVersion: boolean;
  readonly policies: readonly string[];
  readonly policy: string | null;
  readonly securityScheme: readonly string[];
  readonly gatewayType: string;
  readonly apiPolicies: ApiDetails['apiPolicies'] | null;
  /** Null where they were not asked for. */
  readonly operations: readonly (OperationDocument | ApiOperation)[] | null;
}

export interface ApiFilter {
  /** Null: of all tenants. */
  readonly organization: string | null;
  readonly id?: string | undefined;
  /** As calls begin, with the version or without. */
  readonly context?: string | undefined;
  readonly version?: string | undefined;
  /** The environment that has to serve it; without one it need not be deployed unless `isDeployed`. */
  readonly label?: string | undefined;
  readonly isDeployed?: boolean;
  readonly hasOperations: boolean;
}

export interface ApplicationRow {
  readonly id: string;
  readonly number: number;
  readonly organization: string;
  readonly name: string;
  readonly owner: string;
  readonly policy: string;
  readonly tokenType: string;
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly keys: readonly KeyRow[];
}

export interface KeyRow {
  readonly consumerKey: string;
  readonly keyType: string;
  readonly keyManager: string;
}

export interface ApplicationFilter {
  readonly organization: string | null;
  /** Also those of other tenants that have subscribed to APIs of this one, without whom they are shared with and with the keys of this tenant alone. */
  readonly withSubscribers?: boolean;
  readonly ids?: readonly string[] | undefined;
  readonly number?: number | undefined;
  readonly name?: string | undefined;
}

export interface SubscriptionRow {
  readonly id: string;
  readonly number: number;
  readonly policy: string;
  readonly state: SubscriptionState;
  readonly apiId: string;
  readonly apiNumber: number;
  readonly apiName: string;
  readonly apiVersion: string;
  readonly apiOrganization: string;
  readonly applicationId: string;
  readonly applicationNumber: number;
  readonly applicationOrganization: string;
}

export interface SubscriptionFilter {
  /** The tenant of the API or of the application: a gateway of either has to know. */
  readonly organization: string | null;
  readonly apiId?: string | undefined;
  readonly apiNumber?: number | undefined;
  readonly applicationId?: string | undefined;
  readonly applicationNumber?: number | undefined;
}

const EVERYTHING: Window = { limit: 2_147_483_647, offset: 0 };

/** Reads what gateways check calls by. Each is one statement, whatever it finds. */
@Injectable()
export class RuntimeRows {
  constructor(private readonly database: DataSource) {}

  apis(filter: ApiFilter, window = EVERYTHING): Promise<Listed<ApiRow>> {
    const { organization, id, context, version, label, isDeployed = false, hasOperations } = filter;
    return listed(
      this.database,
      `SELECT a.id, a.number, a.organization, a.provider, a.name, a.version, a.path, a.context_template AS "contextTemplate", a.type, a.status,
         a.is_default_version AS "isDefaultVersion", a.policies, a.details->>'gatewayType' AS "gatewayType", a.details->'apiPolicies' AS "apiPolicies",
         coalesce(served.body, a.details)->>'apiThrottlingPolicy' AS policy,
         coalesce(served.body, a.details)->'securityScheme' AS "securityScheme",
         CASE WHEN $7 THEN coalesce(served.body, a.details)->'operations' END AS operations
       FROM apis a
       LEFT JOIN LATERAL (
         SELECT document.body FROM api_deployments d
         JOIN gateway_document document ON document.organization = d.organization AND document.kind = 'api'
           AND document.key = d.api_id || ':' || d.environment AND NOT document.deleted
         WHERE d.api_id = a.id AND ($5::text IS NULL OR d.environment = $5) ORDER BY d.environment LIMIT 1
       ) served ON true
       WHERE ($1::text IS NULL OR a.organization = $1) AND ($2::uuid IS NULL OR a.id = $2)
         AND ($3::text IS NULL OR a.path = $3 OR a.path = $3 || '/' || a.version)
         AND ($4::text IS NULL OR a.version = $4) AND (NOT $6 OR served.body IS NOT NULL)`,
      [organization, idOf(id), context ?? null, version ?? null, label ?? null, isDeployed || label !== undefined, hasOperations],
      window,
      'number',
    );
  }

  /** With their OAuth clients. */
  applications(filter: ApplicationFilter, window = EVERYTHING): Promise<Listed<ApplicationRow>> {
    const { organization, withSubscribers = false, ids, number, name } = filter;
    return listed(
      this.database,
      `SELECT a.id, a.number, a.organization, a.name, a.owner, a.throttling_policy AS policy, a.token_type AS "tokenType", a.attributes,
         CASE WHEN a.organization = coalesce($1, a.organization) THEN a.groups ELSE '{}' END AS groups,
         coalesce((SELECT json_agg(json_build_object('consumerKey', k.consumer_key, 'keyType', k.key_type, 'keyManager', k.key_manager) ORDER BY k.id)
           FROM application_keys k WHERE k.application_id = a.id AND k.state = 'COMPLETED' AND k.consumer_key IS NOT NULL
             AND coalesce($1, a.organization) IN (a.organization, k.key_manager_organization)), '[]') AS keys
       FROM applications a
       WHERE ($1::text IS NULL OR a.id IN (
           SELECT id FROM applications WHERE organization = $1
           UNION SELECT application_id FROM subscriptions WHERE $5 AND api_organization = $1))
         AND ($2::uuid[] IS NULL OR a.id = ANY ($2)) AND ($3::int IS NULL OR a.number = $3) AND ($4::text IS NULL OR a.name = $4)`,
      [organization, ids?.map(idOf) ?? null, number ?? null, name ?? null, withSubscribers],
      window,
    );
  }

  subscriptions(filter: SubscriptionFilter, window = EVERYTHING): Promise<Listed<SubscriptionRow>> {
    const { organization, apiId, apiNumber, applicationId, applicationNumber } = filter;
    return listed(
      this.database,
      `SELECT s.id, s.number, s.policy, s.state, s.api_id AS "apiId", api.number AS "apiNumber", api.name AS "apiName", api.version AS "apiVersion",
         api.organization AS "apiOrganization", s.application_id AS "applicationId", app.number AS "applicationNumber",
         app.organization AS "applicationOrganization"
       FROM subscriptions s JOIN apis api ON api.id = s.api_id JOIN applications app ON app.id = s.application_id
       WHERE ($1::text IS NULL OR s.organization = $1 OR s.api_organization = $1) AND ($2::uuid IS NULL OR s.api_id = $2) AND ($3::int IS NULL OR api.number = $3)
         AND ($4::uuid IS NULL OR s.application_id = $4) AND ($5::int IS NULL OR app.number = $5)`,
      [organization, idOf(apiId), apiNumber ?? null, idOf(applicationId), applicationNumber ?? null],
      window,
      'number',
    );
  }
}

const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** What is no id is nobody's. */
const idOf = (id: string | undefined): string | null => {
  if (id === undefined) return null;
  return isUUID(id) ? id : NOBODYS;
};
