import type { DocumentEntity, ListedDocument } from './document.entity.js';
import type { DevportalDocumentDto, DocumentDto } from './documents.dto.js';

export const toDocumentDto = (document: DocumentEntity): DocumentDto => toDto(document, document.inlineContent);

/** Lists leave out what the metadata say of the content. */
export const toListedDocumentDto = (document: ListedDocument): DocumentDto => toDto(document, '');

const toDto = (document: ListedDocument, inlineContent: string): DocumentDto => ({
  documentId: document.id,
  name: document.name,
  type: document.type,
  // The contract has no empty summary.
  summary: document.summary,
  sourceType: document.sourceType,
  sourceUrl: document.sourceUrl,
  fileName: document.fileName,
  inlineContent,
  otherTypeName: document.otherTypeName,
  visibility: document.visibility,
  createdTime: String(document.createdAt.getTime()),
  createdBy: document.createdBy,
  lastUpdatedTime: String(document.updatedAt.getTime()),
  lastUpdatedBy: document.updatedBy,
});

export const toDevportalDocumentDto = (document: ListedDocument): DevportalDocumentDto => ({
  documentId: document.id,
  name: document.name,
  type: document.type,
  summary: document.summary,
  sourceType: document.sourceType,
  sourceUrl: document.sourceUrl,
  otherTypeName: document.otherTypeName,
});
