import { createHash } from 'node:crypto';
import { StreamableFile } from '@nestjs/common';
import { etagOf } from '../../platform/http/reply.interceptor.js';
import { Reply } from '../../platform/http/reply.js';
import type { Wsdl } from './wsdl.js';

/** What the entity tag of a WSDL is made of; empty while there is none. */
export const fingerprint = (wsdl: Wsdl | null): string => (wsdl === null ? '' : createHash('sha256').update(wsdl.content).digest('hex'));

/** The document, or the archive, as a file of that name; 304 when the caller has it. */
export const wsdlReply = (wsdl: Wsdl, fileName: string, known: string | undefined): Reply<never> => {
  const etag = etagOf(fingerprint(wsdl));
  if (known === etag) return new Reply<never>(304, undefined, { ETag: etag });
  const { type, content } = wsdl;
  const file = new StreamableFile(content, {
    // Without a charset: the document says itself what it is written in.
    type: type === 'ZIP' ? 'application/zip' : 'text/xml',
    disposition: `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`,
    length: content.length,
  });
  // Opened by itself it must not run anything here, whatever its style sheet says.
  return new Reply<never>(200, file, { ETag: etag, 'Content-Security-Policy': "default-src 'none'; sandbox" });
};
