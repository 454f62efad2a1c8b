import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../config/config-error.js';

/** Keeps a second server off the same data folder. The returned function gives the lock back. @throws StartError when another server holds it. */
export const lockDataFolder = (dataDir: string): (() => void) => {
  const file = join(dataDir, 'server.lock');
  const own = `${identity(process.pid)}\n`;
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!created(file, own)) {
      const holder = readFileSync(file, 'utf8').trim();
      const pid = holder.split(' ')[0];
      if (holder !== own.trim() && holder !== '' && holder === identity(Number(pid))) {
        throw new StartError(`the data folder ${dataDir} is in use by process ${pid}; stop that server or set server.data_dir`);
      }
      writeFileSync(file, own);
    }
  } catch (err) {
    if (err instanceof StartError) throw err;
    // The file system throws errors.
    throw new StartError(`the data folder ${dataDir} cannot be written: ${(err as Error).message}; set server.data_dir`, { cause: err });
  }
  return () => rmSync(file, { force: true });
};

/** Whether a server runs on the data folder. */
export const isDataFolderInUse = (dataDir: string): boolean => {
  const file = join(dataDir, 'server.lock');
  const holder = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return holder !== '' && holder === identity(Number(holder.split(' ')[0]));
};

/** Makes the file unless there is one: of two servers that start at once, one succeeds. */
const created = (file: string, text: string): boolean => {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (err) {
    if (err instanceof Error && 'code' in err && err.code === 'EEXIST') return false;
    throw err;
  }
};

/** A process id and when that process began, so that a number used again is not taken for the old process; empty for one that is gone. */
const identity = (pid: number): string => {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? '' : `${pid} ${fields[19]}`;
  } catch {
    return isAlive(pid) ? `${pid}` : '';
  }
};

const isAlive = (pid: number): boolean => {
  if (process.platform === 'linux' || !Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
