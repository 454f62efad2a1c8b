import { StreamableFile } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import { etagOf } from '../../platform/http/reply.interceptor.js';
import { Reply } from '../../platform/http/reply.js';
import type { DocumentEntity } from './document.entity.js';
import type { DocumentContentEntity } from './document-content.entity.js';
import { isText } from './document-rules.js';
import { toDocumentDto } from './documents.mapper.js';
import { DocumentContentNotFound } from './documents.problems.js';

/** A document with what is stored for it; null until something was. */
export interface DocumentWithContent {
  readonly document: DocumentEntity;
  readonly content: DocumentContentEntity | null;
}

/**
 * The content as readers get it: the text, the file under its name, or the way to the address. The entity tag is the document's own, which
 * changes with its content. @throws DocumentContentNotFound (404) while a file is missing.
 */
export const contentReply = ({ document, content }: DocumentWithContent, ifNoneMatch: string | undefined): Reply<never> => {
  if (document.sourceType === 'URL') return new Reply<never>(303, undefined, { Location: new URL(document.sourceUrl).href });
  const text = isText(document.sourceType);
  const stored = text ? content : found(content, DocumentContentNotFound, document.id);
  const headers = { ETag: etagOf(JSON.stringify(toDocumentDto(document))) };
  if (ifNoneMatch === headers.ETag) return new Reply<never>(304, undefined, headers);
  const bytes = stored?.bytes ?? Buffer.alloc(0);
  const file = new StreamableFile(bytes, {
    type: stored?.mediaType ?? 'text/plain; charset=utf-8',
    length: bytes.length,
    // Never shown in place: an uploaded page would run in the portal's name.
    ...(text ? {} : { disposition: disposition(document.fileName) }),
  });
  return new Reply<never>(200, file, headers);
};

/** Both spellings of RFC 6266: the plain one for old clients, the encoded one for names beyond ASCII. */
export const disposition = (fileName: string): string => {
  const plain = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
};
