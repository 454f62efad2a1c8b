import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type FindOptionsWhere, In, type Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found, Unauthenticated } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import type { PageQuery } from '../../platform/http/page.js';
import { DocumentEntity, type ListedDocument } from './document.entity.js';
import { DocumentContentEntity } from './document-content.entity.js';
import type { DocumentWithContent } from './document-content.reply.js';
import { DocumentNotFound } from './documents.problems.js';

/** The API, which the caller is known to be allowed to see. */
type Owner = Pick<Api, 'id' | 'organization'>;

const LISTED = {
  id: true,
  organization: true,
  apiId: true,
  name: true,
  type: true,
  otherTypeName: true,
  summary: true,
  sourceType: true,
  sourceUrl: true,
  fileName: true,
  visibility: true,
  createdAt: true,
  createdBy: true,
  updatedAt: true,
  updatedBy: true,
} as const satisfies Record<keyof ListedDocument, true>;

/** Who reads in the developer portal; null for a guest. */
export type DocumentReader = User | null;

/**
 * The conditions on documents, one of which must hold. In the portal `PRIVATE` ones are for the signed-in people of the API's tenant, `OWNER_ONLY`
 * ones for who made them and administrators; publishers, for whom no reader is given, see all.
 */
const readableBy = (api: Owner, reader: DocumentReader | undefined): FindOptionsWhere<DocumentEntity>[] => {
  const ofApi = { organization: api.organization, apiId: api.id };
  if (reader === undefined) return [ofApi];
  const open = { ...ofApi, visibility: 'API_LEVEL' as const };
  if (reader === null || reader.organization !== api.organization) return [open];
  if (isAdmin(reader)) return [ofApi];
  return [
    open,
    { ...ofApi, visibility: 'PRIVATE' as const },
    { ...ofApi, visibility: 'OWNER_ONLY' as const, createdBy: shownName(reader) },
  ];
};

/** Reads the documents of an API, for those who publish it and those who subscribe to it. */
@Injectable()
export class DocumentReads {
  constructor(
    @InjectRepository(DocumentEntity) private readonly documents: Repository<DocumentEntity>,
    @InjectRepository(DocumentContentEntity) private readonly contents: Repository<DocumentContentEntity>,
  ) {}

  /** One page by name, and how many there are. */
  async list(
    api: Owner,
    { limit, offset }: PageQuery,
    reader?: DocumentReader,
  ): Promise<{ readonly items: readonly ListedDocument[]; readonly total: number }> {
    const [items, total] = await this.documents.findAndCount({
      where: readableBy(api, reader),
      select: LISTED,
      order: { name: 'ASC' },
      skip: offset,
      take: limit,
    });
    return { items, total };
  }

  /** @throws DocumentNotFound (404), Unauthenticated (401) for an id that nothing could have. */
  async get(api: Owner, id: string, reader?: DocumentReader): Promise<DocumentEntity> {
    const documentId = documentIdOf(id);
    const where = readableBy(api, reader).map((condition) => ({ ...condition, id: documentId }));
    return found(await this.documents.findOneBy(where), DocumentNotFound, id);
  }

  /** As {@link get}. */
  async withContent(api: Owner, id: string, reader?: DocumentReader): Promise<DocumentWithContent> {
    const document = await this.get(api, id, reader);
    return { document, content: await this.contents.findOneBy({ organization: api.organization, documentId: document.id }) };
  }

  /** All documents by name, each with its content. */
  async all({ organization, id: apiId }: Owner): Promise<readonly DocumentWithContent[]> {
    const documents = await this.documents.find({ where: { organization, apiId }, order: { name: 'ASC' } });
    const contents = await this.contents.findBy({ organization, documentId: In(documents.map(({ id }) => id)) });
    const byDocument = new Map(contents.map((content) => [content.documentId, content]));
    return documents.map((document) => ({ document, content: byDocument.get(document.id) ?? null }));
  }

  async isNameTaken(api: Owner, name: string): Promise<boolean> {
    return this.documents.existsBy({ organization: api.organization, apiId: api.id, name });
  }
}

/** The id if it may be one. @throws DocumentNotFound (404); Unauthenticated (401) where characters were injected (`reference/publisher.md` §9). */
export const documentIdOf = (id: string): string => {
  if (isUUID(id)) return id;
  throw /[^\w-]/.test(id) ? Unauthenticated() : DocumentNotFound(id);
};
