import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../config/config-error.js';

const KEY = /^[0-9a-fA-F]{64}$/;

/**
 * The key for stored secrets: `encryption.key`, or, where the installation may make its own, the one in the data folder (made at the first start,
 * readable by its owner alone). @throws StartError when there is none or it is no key.
 */
export const encryptionKey = (configured: string, dataDir: string, mayMakeOne: boolean): string => {
  if (configured) {
    if (!KEY.test(configured)) throw new StartError('encryption.key must be 64 hexadecimal digits; make one with: openssl rand -hex 32');
    return configured;
  }
  if (!mayMakeOne)
    throw new StartError('encryption.key is not set; make one with: openssl rand -hex 32, and give every server of this database the same');
  const file = join(dataDir, 'encryption.key');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  }
  const key = readFileSync(file, 'utf8').trim();
  if (!KEY.test(key))
    throw new StartError(`${file} does not hold 64 hexadecimal digits; restore it from a backup, stored secrets cannot be read without it`);
  return key;
};
