import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../config/config-error.js';

/** Keeps a second server off the same data folder. The returned function gives the lock back. @throws StartError when another server holds it. */
export const lockDataFolder = (dataDir: string): (() => void) => {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'server.lock');
  if (existsSync(file)) {
    const holder = readFileSync(file, 'utf8').trim();
    if (holder !== identity(process.pid) && holder === identity(Number(holder.split(' ')[0]))) {
      throw new StartError(
        `the data folder ${dataDir} is in use by process ${holder.split(' ')[0]}; stop that server or set server.data_dir`,
      );
    }
  }
  writeFileSync(file, `${identity(process.pid)}\n`);
  return () => rmSync(file, { force: true });
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
