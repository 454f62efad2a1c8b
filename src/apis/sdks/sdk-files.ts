import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A path with `/`, and what is there. */
export type SdkFile = readonly [path: string, content: string | Buffer];

const FILES_MAX = 20_000;
const BYTES_MAX = 64 * 1_048_576;

/** What was generated has more files or bytes than an SDK may have. */
export class SdkTooLarge extends Error {
  override readonly name = 'SdkTooLarge';
}

/** Files and bytes below a folder that is being written to. */
export const sizeBelow = async (folder: string): Promise<{ readonly files: number; readonly bytes: number }> => {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  let bytes = 0;
  for (const { parentPath, name } of entries) bytes += (await lstat(join(parentPath, name))).size;
  return { files: entries.length, bytes };
};

export const isTooLarge = ({ files, bytes }: { readonly files: number; readonly bytes: number }): boolean =>
  files > FILES_MAX || bytes > BYTES_MAX;

/**
 * The files below a part of a folder, with paths that start at the folder. Links are left out.
 * @throws SdkTooLarge.
 */
export const filesBelow = async (folder: string, part: string): Promise<readonly SdkFile[]> => {
  if (isTooLarge(await sizeBelow(join(folder, part)))) throw new SdkTooLarge();
  const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true });
  const files: SdkFile[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    files.push([relative(folder, path).split(sep).join('/'), await readFile(path)]);
  }
  return files.sort(([a], [b]) => (a < b ? -1 : 1));
};
