import { BadRequest } from '../../domain/problem.js';
import { nameOf } from '../api-rules.js';
import { DOCUMENT_TYPES, type DocumentEntity, type DocumentSourceType } from './document.entity.js';
import type { DocumentDto } from './documents.dto.js';
import { DocumentParameterMissing, IllegalDocumentName, InvalidDocumentVisibility, UnknownDocumentType } from './documents.problems.js';

/** Those that names of APIs may not hold either. */
const ILLEGAL_CHARACTERS = /[~!@#;:%^*()+={}|\\<>"',&$[\]/\p{Cc}]/u;
const FILE_NAME_MAX = 255;

/** What a request decides of a document. */
export type DocumentMetadata = Pick<
  DocumentEntity,
  'name' | 'type' | 'otherTypeName' | 'summary' | 'sourceType' | 'sourceUrl' | 'inlineContent' | 'visibility'
>;

/** What the installation offers beside the ordinary. */
export interface DocumentOffer {
  /** Types of documents of its own. */
  readonly types: readonly string[];
  /** Whether a document may be open to fewer people than its API. */
  readonly narrowVisibility: boolean;
}

const ORDINARY: DocumentOffer = { types: [], narrowVisibility: false };

/** @throws IllegalDocumentName (902016), UnknownDocumentType (400), DocumentParameterMissing (903245), InvalidDocumentVisibility, BadRequest for an address that is none. */
export const metadataOf = (sent: DocumentDto, offer: DocumentOffer = ORDINARY): DocumentMetadata => {
  const { type, sourceType, visibility } = sent;
  if (![...DOCUMENT_TYPES, ...offer.types].includes(type)) throw UnknownDocumentType();
  const name = nameOf(sent.name);
  if (ILLEGAL_CHARACTERS.test(name)) throw IllegalDocumentName();
  const otherTypeName = type === 'OTHER' ? (sent.otherTypeName ?? '').trim() : '';
  if (type === 'OTHER' && otherTypeName === '') throw DocumentParameterMissing('otherTypeName cannot be empty if type is OTHER.');
  const sourceUrl = sourceType === 'URL' ? (sent.sourceUrl ?? '').trim() : '';
  if (sourceType === 'URL') checkUrl(sourceUrl);
  // A document must not be open to more people than was asked for.
  if (visibility !== 'API_LEVEL' && !offer.narrowVisibility) throw InvalidDocumentVisibility(visibility);
  return {
    name,
    type,
    otherTypeName,
    summary: sent.summary ?? null,
    sourceType,
    sourceUrl,
    inlineContent: sent.inlineContent ?? '',
    visibility,
  };
};

/** Readers are sent there, so it must be a web address and no script. */
const checkUrl = (text: string): void => {
  if (text === '') throw DocumentParameterMissing('sourceUrl cannot be empty if source type is URL.');
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw BadRequest('Invalid document sourceUrl Format');
};

export const isText = (sourceType: DocumentSourceType): boolean => sourceType === 'INLINE' || sourceType === 'MARKDOWN';

/** Whether the content of a document outlives a change of its source. */
export const keepsContent = (before: DocumentSourceType, after: DocumentSourceType): boolean =>
  before === after || (isText(before) && isText(after));

/** What an upload carried. */
export interface SentContent {
  readonly file: { readonly originalname: string; readonly mimetype: string; readonly buffer: Buffer } | undefined;
  readonly text: string | undefined;
}

/** Content that fits its document. */
export interface NewContent {
  readonly fileName: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** @throws BadRequest unless there is exactly one part, of the kind that the document's source has. */
export const contentOf = ({ id, sourceType }: Pick<DocumentEntity, 'id' | 'sourceType'>, { file, text }: SentContent): NewContent => {
  if (file !== undefined && text !== undefined) throw BadRequest("Only one of 'file' and 'inlineContent' should be specified");
  if (file !== undefined) {
    if (sourceType !== 'FILE') throw BadRequest(`Source type of document ${id} is not FILE`);
    return { fileName: fileNameOf(file.originalname), mediaType: file.mimetype || 'application/octet-stream', bytes: file.buffer };
  }
  if (text === undefined) throw BadRequest("Either 'file' or 'inlineContent' should be specified");
  if (!isText(sourceType)) throw BadRequest(`Source type of document ${id} is not INLINE or MARKDOWN`);
  return { fileName: '', mediaType: 'text/plain; charset=utf-8', bytes: Buffer.from(text) };
};

/** Characters that no file system, header or database takes become `_`. */
const fileNameOf = (sent: string): string => {
  const name = sent.toWellFormed().replace(/[\p{Cc}/\\]/gu, '_');
  if (name.length > FILE_NAME_MAX) throw BadRequest(`The name of the file is longer than ${FILE_NAME_MAX} characters.`);
  return name;
};
