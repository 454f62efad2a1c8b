import { readArchive } from '../../src/platform/archives/read-archive.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { type Actor, expected } from './actor.js';
import type { Answer, RequestOptions } from './client.js';

export type ArchiveContents = Readonly<Record<string, string | Buffer>>;

export const zip = (files: ArchiveContents): Promise<Buffer> => writeArchive(Object.entries(files));

/** The files of an archive by their paths. */
export const unzip = (archive: Uint8Array): Promise<ReadonlyMap<string, Buffer>> =>
  readArchive(Buffer.from(archive), { entriesMax: 100, bytesMax: 10_000_000 });

/** The archive of an API. */
export const exported = async (by: Actor, query: RequestOptions['query']): Promise<Buffer> =>
  Buffer.from(expected(await by.publisher<Uint8Array>('GET /apis/export', { query: query ?? {} }), 200));

/** Sends an archive, bytes or the files to pack, as the CLI does: without saying what it accepts. */
export const importArchive = async <T = string>(
  by: Actor,
  archive: Buffer | ArchiveContents,
  query: RequestOptions['query'] = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<T>> => {
  const file = Buffer.isBuffer(archive) ? archive : await zip(archive);
  return by.publisher<T>('POST /apis/import', {
    query: query ?? {},
    headers,
    form: { file: { file, name: 'api.zip', type: 'application/zip' } },
  });
};

export interface Imported {
  readonly id: string;
  readonly revision: string | null;
}

/** The id of the API an archive makes, with the number of its revision. */
export const imported = async (by: Actor, archive: Buffer | ArchiveContents, query: RequestOptions['query'] = {}): Promise<Imported> =>
  expected(await importArchive<Imported>(by, archive, query, { accept: 'application/json' }), 200);
