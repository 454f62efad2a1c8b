import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import type { Api } from '../../domain/api.js';
import { found, Unauthenticated } from '../../domain/problem.js';
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

/** Reads the documents of an API, for those who publish it and those who subscribe to it. */
@Injectable()
export class DocumentReads {
  constructor(
    @InjectRepository(DocumentEntity) private readonly documents: Repository<DocumentEntity>,
    @InjectRepository(DocumentContentEntity) private readonly contents: Repository<DocumentContentEntity>,
  ) {}

  /** One page by name, and how many there are. */
  async list(api: Owner, { limit, offset }: PageQuery): Promise<{ readonly items: readonly ListedDocument[]; readonly total: number }> {
    const [items, total] = await this.documents.findAndCount({
      where: { organization: api.organization, apiId: api.id },
      select: LISTED,
      order: { name: 'ASC' },
      skip: offset,
      take: limit,
    });
    return { items, total };
  }

  /** @throws DocumentNotFound (404), Unauthenticated (401) for an id that nothing could have. */
  async get(api: Owner, id: string): Promise<DocumentEntity> {
    const where = { organization: api.organization, apiId: api.id, id: documentIdOf(id) };
    return found(await this.documents.findOneBy(where), DocumentNotFound, id);
  }

  /** As {@link get}. */
  async withContent(api: Owner, id: string): Promise<DocumentWithContent> {
    const document = await this.get(api, id);
    return { document, content: await this.contents.findOneBy({ organization: api.organization, documentId: document.id }) };
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
