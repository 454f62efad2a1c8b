import { createHash } from 'node:crypto';
import { StreamableFile } from '@nestjs/common';
import { etagOf } from '../../platform/http/reply.interceptor.js';
import { Reply } from '../../platform/http/reply.js';
import type { Picture } from './picture.js';

/** What the entity tag of a picture is made of; empty while there is none. */
export const fingerprint = (picture: Picture | null): string =>
  picture === null ? '' : createHash('sha256').update(picture.mediaType).update(picture.content).digest('hex');

/** The picture itself; 204 without one, 304 when the caller has it. */
export const thumbnailReply = (picture: Picture | null, known: string | undefined): Reply<never> => {
  if (picture === null) return new Reply<never>(204);
  const etag = etagOf(fingerprint(picture));
  const headers = {
    ETag: etag,
    // An SVG is a document: opened by itself it must not run anything here.
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  };
  if (known === etag) return new Reply<never>(304, undefined, headers);
  const { mediaType: type, content } = picture;
  return new Reply<never>(200, new StreamableFile(content, { type, length: content.length }), headers);
};
