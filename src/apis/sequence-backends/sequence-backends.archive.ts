import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import type { KeyType } from '../../domain/gateway-documents.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { Tx } from '../../platform/database/transactions.js';
import { type ApiArchivePart, ApiArchiveParts } from '../archives/api-archive-parts.js';
import type { ArchiveFile } from '../archives/archive-texts.js';
import { endpointTypeOf, SEQUENCE_BACKEND } from '../endpoint-config.js';
import { DefinitionChecks } from '../policies/definition-checks.js';
import { ApiTables } from '../revisions/api-tables.js';
import { readSequence, SEQUENCE_BYTES_MAX } from './sequence.js';
import { SequenceBackendEntity } from './sequence-backend.entity.js';
import { SequenceNotXml } from './sequence-backends.problems.js';

const FOLDER = 'Sequence-Backend';
/** The key type is the last word of the file's name or the name of its folder. */
const FILE = /^Sequence-Backend\/(?:.*[^A-Za-z])?(PRODUCTION|SANDBOX)(?:\/[^/]*)?\.xml$/i;

/** The sequence backends of an API in its archive. */
@Injectable()
export class SequenceBackendsArchive implements OnModuleInit, ApiArchivePart {
  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly tables: ApiTables,
    private readonly definitions: DefinitionChecks,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api, revisionId: string | null): Promise<readonly ArchiveFile[]> {
    const rows = await this.tables.rows<Pick<SequenceBackendEntity, 'type' | 'content'>>('api_sequence_backends', api, revisionId);
    return rows.map(({ type, content }) => [`${FOLDER}/${api.id}-${type}.xml`, content]);
  }

  /** Only an API whose endpoint is made of them has any. @throws SequenceNotXml (400), UnusableDefinition (902006). */
  async read({ em }: Tx, _: User, { organization, id: apiId, details }: Api, files: ArchiveFiles): Promise<void> {
    const isWanted = endpointTypeOf(details.endpointConfig) === SEQUENCE_BACKEND;
    const rows = new Map<KeyType, SequenceBackendEntity>();
    for (const [path, buffer] of files) {
      const [, word] = FILE.exec(path) ?? [];
      if (word === undefined || !isWanted) continue;
      const type = word.toUpperCase() === 'SANDBOX' ? 'SANDBOX' : 'PRODUCTION';
      if (buffer.length > SEQUENCE_BYTES_MAX) throw SequenceNotXml(type.toLowerCase());
      rows.set(type, { apiId, type, organization, content: readSequence({ originalname: path, buffer }, type) });
    }
    await this.definitions.backends([...rows.values()].map(({ content }) => content));
    await em.delete(SequenceBackendEntity, { organization, apiId });
    if (rows.size > 0) await em.insert(SequenceBackendEntity, [...rows.values()]);
  }
}
