import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { KeyType } from '../domain/gateway-documents.js';
import type { User } from '../domain/user.js';

/** A key as lists show it. Times in epoch milliseconds. */
export interface ListedKey {
  readonly id: string;
  readonly name: string;
  readonly keyType: KeyType;
  readonly owner: string;
  readonly organization: string;
  readonly apiId: string | null;
  readonly apiName: string | null;
  readonly applicationName: string | null;
  readonly issuedAt: number;
  readonly validitySeconds: number;
  readonly lastUsedAt: number | null;
}

const SELECTED = `SELECT key.id, key.name, key.key_type AS "keyType", key.owner, key.organization, key.api_id AS "apiId", api.name AS "apiName",
    application.name AS "applicationName", (extract(epoch FROM key.issued_at) * 1000)::float8 AS "issuedAt",
    key.validity_seconds::float8 AS "validitySeconds", (extract(epoch FROM key.last_used_at) * 1000)::float8 AS "lastUsedAt"
  FROM api_keys AS key
  LEFT JOIN apis AS api ON api.id = key.api_id AND api.organization = key.organization
  LEFT JOIN applications AS application ON application.id = key.application_id AND application.organization = key.organization`;
const ORDERED = 'ORDER BY key.issued_at, key.id';

/** The lists of API keys: one statement each. */
@Injectable()
export class ApiKeysQueries {
  constructor(private readonly database: DataSource) {}

  /** The caller's own keys of an API. */
  ofApi({ organization, name }: User, apiId: string): Promise<readonly ListedKey[]> {
    return this.select('key.organization = $1 AND key.owner = $2 AND key.api_id = $3', organization, name, apiId);
  }

  /** The caller's own keys of an application itself. */
  ofApplication({ organization, name }: User, applicationId: string, keyType: KeyType): Promise<readonly ListedKey[]> {
    const where = 'key.organization = $1 AND key.owner = $2 AND key.application_id = $3 AND key.key_type = $4 AND key.api_id IS NULL';
    return this.select(where, organization, name, applicationId, keyType);
  }

  /** The caller's own keys of APIs that are associated with an application. */
  associatedWith({ organization, name }: User, applicationId: string, keyType: KeyType): Promise<readonly ListedKey[]> {
    const where = 'key.organization = $1 AND key.owner = $2 AND key.application_id = $3 AND key.key_type = $4 AND key.api_id IS NOT NULL';
    return this.select(where, organization, name, applicationId, keyType);
  }

  /** The caller's own keys that are associated with no application, of the APIs an application is subscribed to. */
  associableWith({ organization, name }: User, applicationId: string, keyType: KeyType): Promise<readonly ListedKey[]> {
    const where = `key.organization = $1 AND key.owner = $2 AND key.application_id IS NULL AND key.key_type = $4
      AND key.api_id IN (SELECT api_id FROM subscriptions WHERE organization = $1 AND application_id = $3)`;
    return this.select(where, organization, name, applicationId, keyType);
  }

  /** Every key of a tenant. */
  ofTenant(organization: string): Promise<readonly ListedKey[]> {
    return this.select('key.organization = $1', organization);
  }

  private select(where: string, ...parameters: readonly string[]): Promise<readonly ListedKey[]> {
    return this.database.query(`${SELECTED} WHERE ${where} ${ORDERED}`, [...parameters]);
  }
}
