import { type Entry, fromBufferPromise } from 'yauzl';

/** What an uploaded archive may hold; beyond any of these it is refused unread. */
export interface ArchiveLimits {
  readonly entriesMax: number;
  /** Unpacked, all files together. */
  readonly bytesMax: number;
}

/** Why an archive was refused; the text is fit for the caller. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}

/** The files of an archive by their paths, `/` between the folders. */
export type ArchiveFiles = ReadonlyMap<string, Buffer>;

const PATH_BYTES_MAX = 1_024;
/** Bits of the Unix mode that say what kind of file it is; a symbolic link is 0o12. */
const FILE_KIND_SHIFT = 12;
const SYMBOLIC_LINK = 0o12;
const UNIX = 3;

/**
 * Unpacks a zip archive in memory. Symbolic links, absolute paths, paths that lead out of the archive, encrypted and repeated files, and more than the
 * limits allow are refused; sizes are counted while unpacking, whatever the archive says of them.
 * @throws ArchiveRefused
 */
export const readArchive = async (bytes: Buffer, limits: ArchiveLimits): Promise<ArchiveFiles> => {
  try {
    return await unpacked(bytes, limits);
  } catch (err) {
    if (err instanceof ArchiveRefused) throw err;
    throw new ArchiveRefused(`The file is not a readable zip archive: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
  }
};

const unpacked = async (bytes: Buffer, { entriesMax, bytesMax }: ArchiveLimits): Promise<ArchiveFiles> => {
  const zip = await fromBufferPromise(bytes);
  if (zip.entryCount > entriesMax) throw new ArchiveRefused(`The archive holds more than ${entriesMax} files.`);
  const files = new Map<string, Buffer>();
  let left = bytesMax;
  for await (const entry of zip.eachEntry()) {
    const path = pathOf(entry);
    if (path.endsWith('/')) continue;
    if (files.has(path)) throw new ArchiveRefused(`The archive holds ${path} twice.`);
    if (files.size >= entriesMax) throw new ArchiveRefused(`The archive holds more than ${entriesMax} files.`);
    const stream = await zip.openReadStreamPromise(entry);
    const chunks: Buffer[] = [];
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      left -= chunk.length;
      // Leaving the loop ends the stream.
      if (left < 0) throw new ArchiveRefused(`The archive unpacks to more than ${bytesMax} bytes.`);
      chunks.push(chunk);
    }
    files.set(path, Buffer.concat(chunks));
  }
  return files;
};

const pathOf = (entry: Entry): string => {
  const path = entry.fileName;
  if (entry.isEncrypted()) throw new ArchiveRefused(`${path} is encrypted.`);
  const isUnix = entry.versionMadeBy >> 8 === UNIX;
  if (isUnix && entry.externalFileAttributes >>> (16 + FILE_KIND_SHIFT) === SYMBOLIC_LINK) {
    throw new ArchiveRefused(`${path} is a symbolic link.`);
  }
  if (Buffer.byteLength(path) > PATH_BYTES_MAX || path.includes('\0'))
    throw new ArchiveRefused('The archive holds a file with an unusable name.');
  return path;
};
