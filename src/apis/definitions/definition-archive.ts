import { type ArchiveFiles, ArchiveRefused, readArchive } from '../../platform/archives/read-archive.js';
import type { DefinitionFiles } from './bundle.worker.js';
import { ArchiveUnusable, MasterMissing } from './definitions.problems.js';

/** The host is of no importance: what counts is that a path cannot lead above it. */
const ROOT = 'archive://definition/';
const MASTERS: readonly string[] = ['swagger.yaml', 'swagger.json', 'openapi.yaml', 'openapi.json'];
/** What archivers of desktops add. */
export const LITTER = /^__MACOSX\/|(^|\/)\.DS_Store$/;
const ENTRIES_MAX = 1_000;
/** All files unpacked, in relation to the largest definition. */
const UNPACKED_FACTOR = 4;
const SIGNATURES: readonly string[] = ['PK\x03\x04', 'PK\x05\x06'];

export const isArchive = (bytes: Buffer): boolean => SIGNATURES.includes(bytes.toString('latin1', 0, 4));

/**
 * The files of a zip archive, the definition named in its root or in its only folder.
 * @throws ArchiveUnusable, MasterMissing (400).
 */
export const archivedDefinition = async (bytes: Buffer, definitionBytesMax: number): Promise<DefinitionFiles> => {
  const unpacked = await files(bytes, definitionBytesMax * UNPACKED_FACTOR);
  const paths = [...unpacked.keys()].filter((path) => !LITTER.test(path));
  const folders = new Set(paths.map((path) => (path.includes('/') ? path.slice(0, path.indexOf('/') + 1) : '')));
  const [folder = ''] = folders.size === 1 ? folders : [''];
  const master = MASTERS.map((name) => folder + name).find((path) => unpacked.has(path));
  if (master === undefined) throw MasterMissing();
  return { root: addressOf(master), files: new Map(paths.map((path) => [addressOf(path), unpacked.get(path)?.toString('utf8') ?? ''])) };
};

export const isInArchive = (address: string): boolean => address.startsWith(ROOT);

const files = async (bytes: Buffer, bytesMax: number): Promise<ArchiveFiles> => {
  try {
    return await readArchive(bytes, { entriesMax: ENTRIES_MAX, bytesMax });
  } catch (err) {
    if (err instanceof ArchiveRefused) throw ArchiveUnusable(err.message);
    throw err;
  }
};

/** As a relative reference to the path is resolved. */
const addressOf = (path: string): string =>
  new URL(`./${path.replaceAll('%', '%25').replaceAll('?', '%3F').replaceAll('#', '%23')}`, ROOT).href;
