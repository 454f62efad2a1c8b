import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../config/config-error.js';
import type { EncryptionConfig } from '../config/sections/server.config.js';
import { FixedKeys, flushFolder, isEncryptionKey, KeyFile, type KeyRing } from './key-ring.js';

export const newEncryptionKey = (): string => randomBytes(32).toString('hex');

/** The file of an installation that makes its own keys. */
export const keyFileOf = (dataDir: string): string => join(dataDir, 'encryption.key');

/**
 * The keys for stored secrets: those of `[encryption]`, or, where the installation may make its own, those in the data folder (made at the first start,
 * readable by its owner alone). @throws StartError when there is none or it is no key.
 */
export const keyRing = (configured: Pick<EncryptionConfig, 'key' | 'previousKeys'>, dataDir: string, mayMakeOne: boolean): KeyRing => {
  const { key, previousKeys } = configured;
  if (key) {
    if (!isEncryptionKey(key)) throw new StartError('encryption.key must be 64 hexadecimal digits; make one with: openssl rand -hex 32');
    if (!previousKeys.every(isEncryptionKey)) throw new StartError('encryption.previous_keys must be keys of 64 hexadecimal digits');
    return new FixedKeys([key, ...previousKeys]);
  }
  if (!mayMakeOne)
    throw new StartError('encryption.key is not set; make one with: openssl rand -hex 32, and give every server of this database the same');
  const file = keyFileOf(dataDir);
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${newEncryptionKey()}\n`, { mode: 0o600, flush: true });
    flushFolder(dirname(file));
  }
  return new KeyFile(file);
};
