import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Api, ApiRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import type { PageQuery } from '../../platform/http/page.js';
import { nameOf } from '../api-rules.js';
import { ApisForChange } from '../apis-for-change.js';
import { ApiCopies } from '../versions/api-copies.js';
import { DocumentEntity } from './document.entity.js';
import { DocumentContentEntity } from './document-content.entity.js';
import type { DocumentWithContent } from './document-content.reply.js';
import { DocumentReads, documentIdOf } from './document-reads.js';
import { contentOf, type DocumentOffer, keepsContent, metadataOf, type SentContent } from './document-rules.js';
import type { DocumentDto } from './documents.dto.js';
import { DocumentExists, DocumentNotFound } from './documents.problems.js';

/** May refuse on seeing the document as it is before a change. */
type Unchanged = (current: DocumentEntity) => void;

/** The documents of an API, as its publishers keep them. All throw ApiNotFound (404), and Forbidden for a caller whom the API's access roles keep out. */
@Injectable()
export class DocumentsService implements OnModuleInit {
  constructor(
    private readonly apis: ApisForChange,
    private readonly reads: DocumentReads,
    private readonly copies: ApiCopies,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  onModuleInit(): void {
    this.copies.register(copyDocuments);
  }

  async list(caller: User, ref: ApiRef, page: PageQuery): ReturnType<DocumentReads['list']> {
    return this.reads.list(await this.apis.read(caller, ref), page);
  }

  /** @throws DocumentNotFound (404). */
  async get(caller: User, ref: ApiRef, id: string): Promise<DocumentEntity> {
    return this.reads.get(await this.apis.read(caller, ref), id);
  }

  /** @throws DocumentNotFound (404). */
  async withContent(caller: User, ref: ApiRef, id: string): Promise<DocumentWithContent> {
    return this.reads.withContent(await this.apis.read(caller, ref), id);
  }

  async isNameTaken(caller: User, ref: ApiRef, name: string): Promise<boolean> {
    return this.reads.isNameTaken(await this.apis.read(caller, ref), nameOf(name));
  }

  /** @throws DocumentExists (900312), LiveApiNeedsPublisher (900380), the problems of {@link metadataOf}. */
  create(caller: User, ref: ApiRef, sent: DocumentDto): Promise<DocumentEntity> {
    return this.transactions.run(async (tx) => {
      const { organization, id: apiId } = await this.apis.lock(tx, caller, ref);
      const now = new Date();
      const by = shownName(caller);
      const document: DocumentEntity = {
        id: randomUUID(),
        organization,
        apiId,
        ...metadataOf(sent, this.offer),
        fileName: '',
        createdAt: now,
        createdBy: by,
        updatedAt: now,
        updatedBy: by,
      };
      await tx.em.insert(DocumentEntity, document).catch(onConflict('api_documents_name', () => DocumentExists()));
      return document;
    });
  }

  /** Replaces what is said of the document; its content goes when the new source is of another kind. @throws as {@link create}, DocumentNotFound (404). */
  update(caller: User, ref: ApiRef, id: string, sent: DocumentDto, unchanged: Unchanged): Promise<DocumentEntity> {
    return this.transactions.run(async (tx) => {
      const current = await this.lock(tx, caller, ref, id);
      unchanged(current);
      const metadata = metadataOf(sent, this.offer);
      const kept = keepsContent(current.sourceType, metadata.sourceType);
      if (!kept) await tx.em.delete(DocumentContentEntity, { organization: current.organization, documentId: id });
      const change = {
        ...metadata,
        fileName: kept ? current.fileName : '',
        updatedAt: after(current.updatedAt),
        updatedBy: shownName(caller),
      };
      await this.write(tx, current, change);
      return { ...current, ...change };
    });
  }

  /** Stores the text or the file. @throws DocumentNotFound (404), LiveApiNeedsPublisher (900380), the problems of {@link contentOf}. */
  setContent(caller: User, ref: ApiRef, id: string, sent: SentContent, unchanged: Unchanged): Promise<DocumentEntity> {
    return this.transactions.run(async (tx) => {
      const current = await this.lock(tx, caller, ref, id);
      unchanged(current);
      const { fileName, mediaType, bytes } = contentOf(current, sent);
      await tx.em.upsert(DocumentContentEntity, { documentId: id, organization: current.organization, mediaType, bytes }, ['documentId']);
      const change = { fileName, updatedAt: after(current.updatedAt), updatedBy: shownName(caller) };
      await this.write(tx, current, change);
      return { ...current, ...change };
    });
  }

  /** Deletes the document with its content. @throws DocumentNotFound (404), LiveApiNeedsPublisher (900380). */
  async remove(caller: User, ref: ApiRef, id: string, unchanged: Unchanged): Promise<void> {
    await this.transactions.run(async (tx) => {
      const current = await this.lock(tx, caller, ref, id);
      unchanged(current);
      await tx.em.delete(DocumentEntity, { organization: current.organization, id });
    });
  }

  /** The document of an API that the caller may change; both stay as they are until the transaction ends. */
  private async lock(tx: Tx, caller: User, ref: ApiRef, id: string): Promise<DocumentEntity> {
    const { organization, id: apiId } = await this.apis.lock(tx, caller, ref);
    const where = { organization, apiId, id: documentIdOf(id) };
    return found(await tx.em.findOneBy(DocumentEntity, where), DocumentNotFound, id);
  }

  /** What the installation offers beside the ordinary. */
  get offer(): DocumentOffer {
    const { enableApiDocVisibility, supportedDocumentTypes } = this.config.publisher;
    return { types: supportedDocumentTypes, narrowVisibility: enableApiDocVisibility };
  }

  private async write(tx: Tx, { organization, id }: DocumentEntity, change: Partial<DocumentEntity>): Promise<void> {
    await tx.em.update(DocumentEntity, { organization, id }, change).catch(onConflict('api_documents_name', () => DocumentExists()));
  }
}

/** Now, and never the moment of the change before: the entity tag must tell two changes of one millisecond apart. */
const after = (before: Date): Date => new Date(Math.max(Date.now(), before.getTime() + 1));

const COPIED = `name, type, other_type_name, summary, source_type, source_url, file_name, inline_content, visibility,
  created_at, created_by, updated_at, updated_by`;

/** Gives the new version all documents of the API, content included, without loading them. */
const copyDocuments = async ({ em }: Tx, from: Api, to: Api): Promise<void> => {
  await em.query(
    `WITH pairs AS MATERIALIZED (
       SELECT id AS old_id, gen_random_uuid() AS new_id FROM api_documents WHERE organization = $1 AND api_id = $2
     ), copied AS (
       INSERT INTO api_documents (id, organization, api_id, ${COPIED})
       SELECT new_id, organization, $3::uuid, ${COPIED} FROM api_documents JOIN pairs ON id = old_id
     )
     INSERT INTO api_document_contents (document_id, organization, media_type, bytes)
     SELECT new_id, organization, media_type, bytes FROM api_document_contents JOIN pairs ON document_id = old_id`,
    [from.organization, from.id, to.id],
  );
};
