import { Injectable } from '@nestjs/common';
import type { Problem } from '../../domain/problem.js';
import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import type { ArchiveFormat } from './api-archive-parts.js';
import { UnreadableMeta } from './api-archives.problems.js';
import type * as worker from './archive-texts.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./archive-texts.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

/** The version archives say they are of (`reference/publisher.md` §20.2); it changes with the layout, not with ours. */
export const ARCHIVE_VERSION = 'v4.7.0';

/** More entries than the list of an API's certificates or endpoints has. */
const ENTRIES_MAX = 1_000;
/** The longest file that is read; an API of ten thousand operations has a fifth of it. */
const BYTES_MAX = 32 * 1_048_576;

type TextFormat = ArchiveFormat['format'];
export type ArchiveFile = readonly [path: string, content: Buffer | string];

/** The files of an archive that hold objects, in YAML or JSON, written and read off the main thread. */
@Injectable()
export class ArchiveTexts {
  constructor(private readonly pool: WorkPool) {}

  /** `<path>.yaml` or `<path>.json` with an object that is already JSON. */
  async fileOf(path: string, json: string, format: TextFormat): Promise<ArchiveFile> {
    return [`${path}.${format.toLowerCase()}`, await this.pool.run(WORKER, 'write', { json, format }, TIMEOUT_MS)];
  }

  /** The same with what archives wrap their objects in: `type`, `version` and `data`. */
  wrapped(path: string, type: string, data: unknown, format: TextFormat, version = ARCHIVE_VERSION): Promise<ArchiveFile> {
    return this.fileOf(path, JSON.stringify({ type, version, data }), format);
  }

  /** The object in `<path>.yaml` or `<path>.json`; undefined when the archive has neither. @throws the given problem, UnreadableMeta (900907). */
  async read(
    files: ArchiveFiles,
    path: string,
    unreadable: (path: string, why: string) => Problem = UnreadableMeta,
  ): Promise<JsonObject | undefined> {
    const found = [`${path}.yaml`, `${path}.json`].find((name) => files.has(name));
    const bytes = found === undefined ? undefined : files.get(found);
    return bytes === undefined ? undefined : this.parsed(found ?? path, bytes, unreadable);
  }

  /** The list of objects in `<path>.yaml` or `<path>.json`; empty when the archive has neither. @throws the given problem. */
  async list(files: ArchiveFiles, path: string, unreadable: (path: string, why: string) => Problem): Promise<readonly JsonObject[]> {
    const { data } = (await this.read(files, path, unreadable)) ?? {};
    const entries = data ?? [];
    if (!Array.isArray(entries) || !entries.every(isObject)) throw unreadable(path, 'It holds no list of objects.');
    if (entries.length > ENTRIES_MAX) throw unreadable(path, `It lists more than ${ENTRIES_MAX}.`);
    return entries;
  }

  /** The object in a file. @throws the given problem with the file and the reason. */
  async parsed(path: string, bytes: Buffer, unreadable: (path: string, why: string) => Problem = UnreadableMeta): Promise<JsonObject> {
    if (bytes.length > BYTES_MAX) throw unreadable(path, `It is longer than ${BYTES_MAX} bytes.`);
    const reading = await this.pool.run(WORKER, 'read', bytes.toString('utf8'), TIMEOUT_MS).catch((err: unknown) => {
      if (err instanceof WorkFailed) return { finding: 'It is too complex to be processed.' };
      throw err;
    });
    if ('finding' in reading) throw unreadable(path, reading.finding);
    return reading.document;
  }
}
