import { StreamableFile } from '@nestjs/common';
import { Reply } from '../../platform/http/reply.js';
import { disposition } from '../documents/document-content.reply.js';
import type { NamedArchive } from './archive-exports.service.js';

/** An archive as a download under its name. */
export const archiveReply = ({ fileName, content }: NamedArchive): Reply<string> => {
  const file = { type: 'application/zip', length: content.length, disposition: disposition(fileName) };
  return new Reply<string>(200, new StreamableFile(content, file));
};
