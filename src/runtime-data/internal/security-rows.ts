import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyRestrictions, KeyType, RevokedTokenDocument } from '../../domain/gateway-documents.js';
import { listed, type Window } from '../listed.js';

export interface ApiKeyRow {
  readonly id: string;
  readonly organization: string;
  readonly owner: string;
  readonly name: string;
  readonly keyType: KeyType;
  /** SHA-256 of the key, as base64url. */
  readonly hash: string;
  readonly apiId: string | null;
  readonly apiNumber: number | null;
  readonly applicationId: string | null;
  readonly applicationNumber: number | null;
  readonly restrictions: KeyRestrictions;
  readonly validitySeconds: number;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Null never ends. */
  readonly expiresAt: number | null;
}

export interface RevocationRow extends Pick<RevokedTokenDocument, 'value' | 'revokedAt' | 'expiresAt'> {
  readonly type: RevokedTokenDocument['type'];
  readonly organization: string;
}

export interface CertificateRow {
  readonly organization: string;
  readonly tenantId: number;
  readonly alias: string;
  readonly endpoint: string;
  readonly pem: string;
}

export interface TenantRow {
  readonly tenantId: number;
  readonly domain: string;
  readonly active: boolean;
  /** Null in a super tenant without an administrator. */
  readonly admin: string | null;
  readonly claims: Readonly<Record<string, unknown>> | null;
}

/** Reads what gateways check callers by: one statement each. */
@Injectable()
export class SecurityRows {
  constructor(private readonly database: DataSource) {}

  apiKeys(organization: string | null, window: Window) {
    return listed<ApiKeyRow>(
      this.database,
      `SELECT k.id, k.organization, k.owner, k.name, k.key_type AS "keyType", k.hash, k.api_id AS "apiId", api.number AS "apiNumber",
         k.application_id AS "applicationId", app.number AS "applicationNumber", k.restrictions, k.validity_seconds AS "validitySeconds",
         floor(extract(epoch FROM k.issued_at) * 1000)::bigint AS "issuedAt", floor(extract(epoch FROM k.expires_at) * 1000)::bigint AS "expiresAt"
       FROM api_keys k LEFT JOIN apis api ON api.id = k.api_id LEFT JOIN applications app ON app.id = k.application_id
       WHERE ($1::text IS NULL OR k.organization = $1) AND (k.expires_at IS NULL OR k.expires_at > now())`,
      [organization],
      window,
    );
  }

  /** Those that are not forgotten yet. */
  revocations(organization: string | null): Promise<readonly RevocationRow[]> {
    return this.database.query(
      `SELECT type, value, organization, revoked_at::float8 AS "revokedAt", expires_at::float8 AS "expiresAt" FROM token_revocations
       WHERE ($1::text IS NULL OR organization = $1) AND expires_at > extract(epoch FROM now()) ORDER BY revoked_at, type, value`,
      [organization],
    );
  }

  certificates(organization: string | null, alias: string | undefined): Promise<readonly CertificateRow[]> {
    return this.database.query(
      `SELECT c.organization, t.tenant_id AS "tenantId", c.alias, c.endpoint, c.pem FROM endpoint_certificates c
       JOIN tenants t ON t.organization = c.organization
       WHERE ($1::text IS NULL OR c.organization = $1) AND ($2::text IS NULL OR c.alias = $2) ORDER BY t.tenant_id, c.alias`,
      [organization, alias ?? null],
    );
  }

  /** Tenants whose domain has the text in it. */
  tenants(organization: string | null, text: string | undefined): Promise<readonly TenantRow[]> {
    return this.database.query(
      `SELECT t.tenant_id AS "tenantId", t.organization AS domain, t.active, u.name AS admin, u.claims FROM tenants t
       LEFT JOIN users u ON u.organization = t.organization AND u.id = t.owner_id
       WHERE ($1::text IS NULL OR t.organization = $1) AND ($2::text IS NULL OR strpos(t.organization, lower($2)) > 0) ORDER BY t.tenant_id`,
      [organization, text ?? null],
    );
  }
}
