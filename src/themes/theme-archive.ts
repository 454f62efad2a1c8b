import { StreamableFile } from '@nestjs/common';
import { BadRequest } from '../domain/problem.js';
import { type ArchiveLimits, ArchiveRefused, readArchive } from '../platform/archives/read-archive.js';
import { Reply } from '../platform/http/reply.js';
import type { UploadedFields } from '../platform/http/upload.js';

/** A theme as it is uploaded, packed. */
export const THEME_BYTES_MAX = 5 * 1_048_576;
const LIMITS: ArchiveLimits = { entriesMax: 1_000, bytesMax: 50 * 1_048_576 };

/** What keeps these bytes from being a theme; undefined when nothing does. */
export const themeFault = async (content: Buffer): Promise<string | undefined> => {
  try {
    return (await readArchive(content, LIMITS)).size === 0 ? 'The archive is empty.' : undefined;
  } catch (err) {
    if (err instanceof ArchiveRefused) return err.message;
    throw err;
  }
};

/** The archive of a form. @throws BadRequest (400) */
export const uploadedTheme = (files: UploadedFields | undefined): Buffer => {
  const file = files?.['file']?.[0];
  if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
  return file.buffer;
};

/** A theme as it was uploaded. */
export const themeReply = (content: Buffer, fileName: string): Reply<never> =>
  new Reply<never>(
    200,
    new StreamableFile(content, { type: 'application/zip', length: content.length, disposition: `attachment; filename="${fileName}"` }),
  );

/** The query parameter `publish`; undefined when it is not asked for. @throws BadRequest (400) for what is neither true nor false. */
export const publishedFlag = (text: unknown): boolean | undefined => {
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw BadRequest('Invalid value for the query parameter publish');
  return text === 'true';
};
