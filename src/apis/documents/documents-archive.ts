import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import { type ApiArchivePart, ApiArchiveParts, type ArchiveFormat } from '../archives/api-archive-parts.js';
import { type ArchiveFile, ArchiveTexts } from '../archives/archive-texts.js';
import { isObject, type JsonObject, textAt } from '../definitions/json-document.js';
import { DocumentEntity } from './document.entity.js';
import { contentFileIn, documentFolders, fileNameIn, folderNames, mediaTypeOf } from './document-archive-names.js';
import { DocumentContentEntity } from './document-content.entity.js';
import { DocumentReads } from './document-reads.js';
import { contentOf, isText, metadataOf } from './document-rules.js';
import { DocumentDto } from './documents.dto.js';
import { toDocumentDto } from './documents.mapper.js';
import { DocumentExists } from './documents.problems.js';
import { DocumentsService } from './documents.service.js';

/** The documents of an API in its archive: `Docs/<name>/document.yaml`, with the text or the file beside it. */
@Injectable()
export class DocumentsArchive implements ApiArchivePart, OnModuleInit {
  readonly isPresentation = true;

  constructor(
    private readonly parts: ApiArchiveParts,
    private readonly texts: ArchiveTexts,
    private readonly reads: DocumentReads,
    private readonly documents: DocumentsService,
  ) {}

  onModuleInit(): void {
    this.parts.register(this);
  }

  async write(api: Api, _revisionId: string | null, { format }: ArchiveFormat): Promise<readonly ArchiveFile[]> {
    const documents = await this.reads.all(api);
    const folders = folderNames(documents.map(({ document }) => document.name));
    const files = documents.map(async ({ document, content }, at): Promise<readonly ArchiveFile[]> => {
      const folder = `Docs/${folders[at] ?? document.id}`;
      const description = await this.texts.wrapped(`${folder}/document`, 'document', toDocumentDto(document), format);
      return content === null ? [description] : [description, [`${folder}/${fileNameIn(folders[at] ?? '', document)}`, content.bytes]];
    });
    return (await Promise.all(files)).flat();
  }

  /** @throws UnreadableMeta, the problems of {@link metadataOf} (400), DocumentExists (409) for two of one name. */
  async read(tx: Tx, caller: User, api: Api, files: ArchiveFiles): Promise<void> {
    const { organization, id: apiId } = api;
    await tx.em.delete(DocumentEntity, { organization, apiId });
    for (const folder of documentFolders(files)) {
      const wrapped = await this.texts.read(files, `${folder}document`);
      const data = isObject(wrapped?.['data']) ? wrapped['data'] : {};
      const sent = await validateKnown(DocumentDto, descriptionOf(data));
      const fileName = textAt(data, 'fileName') ?? sent.name;
      await this.add(tx, caller, api, sent, fileName, contentFileIn(files, folder, fileName));
    }
  }

  private async add(
    tx: Tx,
    caller: User,
    { organization, id: apiId }: Api,
    sent: DocumentDto,
    fileName: string,
    bytes: Buffer | undefined,
  ): Promise<void> {
    const now = new Date();
    const by = shownName(caller);
    const id = randomUUID();
    const metadata = metadataOf(sent, this.documents.offer);
    const { sourceType } = metadata;
    const hasContent = bytes !== undefined && sourceType !== 'URL';
    const upload = isText(sourceType)
      ? { file: undefined, text: bytes?.toString('utf8') }
      : { file: bytes && fileOf(fileName, bytes), text: undefined };
    const content = hasContent ? contentOf({ id, sourceType }, upload) : undefined;
    const document = { id, organization, apiId, ...metadata, fileName: content?.fileName ?? '', createdAt: now, createdBy: by };
    await tx.em
      .insert(DocumentEntity, { ...document, updatedAt: now, updatedBy: by })
      .catch(onConflict('api_documents_name', () => DocumentExists()));
    if (content === undefined) return;
    const { mediaType, bytes: stored } = content;
    await tx.em.insert(DocumentContentEntity, { documentId: id, organization, mediaType, bytes: stored });
  }
}

/** Nothing that is empty: the contract has no empty summary, archives do. */
const descriptionOf = (data: JsonObject): JsonObject => ({
  visibility: 'API_LEVEL',
  ...Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null && value !== '')),
});

const fileOf = (originalname: string, buffer: Buffer) => ({ originalname, mimetype: mediaTypeOf(originalname), buffer });
