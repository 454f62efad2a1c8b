import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** All files carry one time, so that the same content makes the same archive. */
const MODIFIED = new Date('2020-01-01T00:00:00Z');

/** Packs files, by their paths, into a zip archive. */
export const writeArchive = async (files: Iterable<readonly [path: string, content: Buffer | string]>): Promise<Buffer> => {
  const zip = new ZipFile();
  for (const [path, content] of files) {
    zip.addBuffer(typeof content === 'string' ? Buffer.from(content, 'utf8') : content, path, { mtime: MODIFIED });
  }
  zip.end();
  return buffer(zip.outputStream);
};
