import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { QueryDeepPartialEntity } from 'typeorm';
import type { Api } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import type { Tx } from '../../platform/database/transactions.js';
import { type ApiArchivePart, ApiArchiveParts, type ArchiveFormat } from '../archives/api-archive-parts.js';
import { type ArchiveFile, ArchiveTexts } from '../archives/archive-texts.js';
import { hideSecrets, openSecrets, sealSecrets } from '../endpoint-secrets.js';
import { ApiTables } from '../revisions/api-tables.js';
import { ApiEndpointEntity } from './api-endpoint.entity.js';
import { endpointOf } from './api-endpoint-rules.js';
import { EndpointsFileUnreadable } from './api-endpoints.problems.js';

const PATH = 'endpoints';

/** A row as the table has it. */
interface EndpointRow extends Pick<ApiEndpointEntity, 'id' | 'name' | 'config'> {
  readonly deployment_stage: string;
  readonly api_definition: string | null;
}

/** The endpoints of an API in its archive. Their ids travel along: policies name endpoints by them. */
@Injectable()
export class ApiEndpointsArchive implements OnModuleInit, ApiArchivePart {
  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly texts: ArchiveTexts,
    private readonly tables: ApiTables,
    private readonly secrets: Secrets,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api, revisionId: string | null, format: ArchiveFormat): Promise<readonly ArchiveFile[]> {
    const rows = await this.tables.rows<EndpointRow>('api_endpoints', api, revisionId);
    if (rows.length === 0) return [];
    const open = (config: EndpointRow['config']) =>
      format.preserveCredentials ? openSecrets(config, (sealed) => this.secrets.decrypt(sealed)) : hideSecrets(config);
    const data = rows
      .toSorted((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id))
      .map(({ id, name, deployment_stage, config, api_definition }) => ({
        ...{ id, name, deploymentStage: deployment_stage, endpointConfig: open(config) },
        ...(api_definition !== null && { apiDefinition: api_definition }),
      }));
    return [await this.texts.wrapped(PATH, 'endpoints', data, format.format)];
  }

  /** Secrets that are blank in the archive stay those of the endpoint with the same id. @throws EndpointsFileUnreadable (902045), as {@link endpointOf}. */
  async read({ em }: Tx, _: User, { organization, id: apiId, type }: Api, files: ArchiveFiles): Promise<void> {
    const entries = await this.texts.list(files, PATH, () => EndpointsFileUnreadable());
    const stored = new Map((await em.findBy(ApiEndpointEntity, { organization, apiId })).map((endpoint) => [endpoint.id, endpoint.config]));
    const rows = new Map<string, object>();
    for (const entry of entries) {
      const id = isUUID(entry['id']) ? String(entry['id']).toLowerCase() : randomUUID();
      const endpoint = endpointOf(entry, type);
      const config = sealSecrets(endpoint.config, stored.get(id) ?? null, (plain) => this.secrets.encrypt(plain));
      rows.set(id, { ...endpoint, config, id, apiId, organization });
    }
    await em.delete(ApiEndpointEntity, { organization, apiId });
    // The partial type of inserts cannot express a document with values of unknown type.
    if (rows.size > 0) await em.insert(ApiEndpointEntity, [...rows.values()] as QueryDeepPartialEntity<ApiEndpointEntity>[]);
  }
}
