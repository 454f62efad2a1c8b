import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import type { Config } from '../config/config.js';
import { StartError } from '../config/config-error.js';
import { Installation } from '../config/installation.js';
import { loadConfig, rawSecrets } from '../config/load.js';
import { loadProfile } from '../config/profiles.js';
import { keyRing, newEncryptionKey } from '../crypto/encryption-key.js';
import { KeyFile, type KeyRing } from '../crypto/key-ring.js';
import { SEALED_COLUMNS } from '../crypto/sealed-columns.js';
import { type Connection, SecretRotation } from '../crypto/secret-rotation.js';
import { Secrets } from '../crypto/secrets.js';
import { externalUrl } from '../database/connect.js';
import { openDatabase } from '../database/open.js';
import { Events } from '../events/events.js';
import { Audit } from '../logging/audit.js';
import { Log } from '../logging/log.js';
import { lockDataFolder } from './data-lock.js';

export interface SecretsOptions {
  readonly root: string;
  readonly configFile: string | undefined;
  /** Also drops the older keys, once nothing needs them. */
  readonly finish?: boolean;
}

interface Opened {
  readonly address: object;
  readonly close: () => Promise<void>;
}

const ringOf = (config: Config): KeyRing =>
  keyRing(config.encryption, resolve(config.server.dataDir), externalUrl(config.database) === undefined);

/** The text to put into `[secrets]` for a value. @throws StartError where there is no key to encrypt with. */
export const encryptSecret = (configFile: string | undefined, value: string): string => {
  const { config } = loadConfig(configFile, process.env);
  return new Secrets({ keys: ringOf(config) }).encrypt(value);
};

/**
 * Re-encrypts everything stored under older keys, with servers running or not. An installation that makes its own keys gets a new one first, unless a rotation
 * was begun before and not finished. Gives the lines to print. @throws StartError
 */
export const rotateSecrets = async ({ root, configFile, finish = false }: SecretsOptions): Promise<readonly string[]> => {
  const { config } = loadConfig(configFile, process.env);
  const dataDir = resolve(config.server.dataDir);
  const ring = ringOf(config);
  const database = await open(config, dataDir, join(root, 'migrations'));
  const client = new Client(database.address);
  try {
    await client.connect();
    const connection: Connection = { query: async (text, values = []) => (await client.query(text, [...values])).rows };
    if (ring instanceof KeyFile && ring.keys.length === 1 && !finish) ring.write([newEncryptionKey(), ring.current.hex]);
    const rotation = new SecretRotation(connection, ring);
    const reports = await rotation.rotate(SEALED_COLUMNS);
    const lines = reports
      .filter(({ rotated, unreadable }) => rotated + unreadable > 0)
      .map(
        ({ table, column, rotated, unreadable }) =>
          `${table}.${column}: ${rotated} re-encrypted${unreadable > 0 ? `, ${unreadable} left as they are: no key reads them` : ''}`,
      );
    record(
      config,
      root,
      ring,
      reports.reduce((sum, { rotated }) => sum + rotated, 0),
    );
    return [...lines, ...(finish ? await finished(ring, rotation, configFile) : [nextStep(ring)])];
  } finally {
    await client.end();
    await database.close();
  }
};

const nextStep = (ring: KeyRing): string =>
  ring.keys.length === 1
    ? `everything is under the key ${ring.current.id}; there is no other`
    : `everything is under the key ${ring.current.id}; when all servers have run with it, drop the older ones: gatehouse secrets rotate --finish`;

const finished = async (ring: KeyRing, rotation: SecretRotation, configFile: string | undefined): Promise<readonly string[]> => {
  const behind = await rotation.leftBehind();
  if (behind.length > 0) throw new StartError(`the older keys stay: they are still needed in ${behind.join(', ')}`);
  const own = Object.entries(rawSecrets(configFile)).filter(([, text]) => rotation.needsOlderKey(text));
  if (own.length > 0)
    throw new StartError(
      `the older keys stay: [secrets] ${own.map(([alias]) => alias).join(', ')} of the configuration need them; encrypt the values anew with gatehouse secrets encrypt`,
    );
  if (!(ring instanceof KeyFile))
    return [`nothing needs the older keys any more: encryption.previous_keys may be emptied (the key in force is ${ring.current.id})`];
  ring.write([ring.current.hex]);
  return [`the older keys are gone; the key in force is ${ring.current.id}`];
};

/** The database as it runs; one that does not run is started for the time it takes. */
const open = async (config: Config, dataDir: string, migrations: string): Promise<Opened> => {
  const url = externalUrl(config.database);
  if (url !== undefined) return { address: { connectionString: url }, close: async () => undefined };
  const socket = runningSocket(dataDir);
  if (socket) return { address: socket, close: async () => undefined };
  const unlock = lockDataFolder(dataDir);
  try {
    const { address, stop } = await openDatabase(config.database, dataDir, migrations, () => undefined);
    return { address: address.options, close: () => stop().finally(unlock) };
  } catch (err) {
    unlock();
    throw err;
  }
};

/** Where the embedded database of a running server listens: its lock is held, and the fifth line of the database's own lock names the folder. */
const runningSocket = (dataDir: string): object | undefined => {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  try {
    lockDataFolder(dataDir)();
    return undefined; // nobody runs here: the file is a leftover
  } catch (err) {
    if (!(err instanceof StartError)) throw err;
  }
  const host = readFileSync(file, 'utf8').split('\n')[4]?.trim();
  if (!host) throw new StartError('the embedded database is just starting; try again');
  return { host, user: 'gatehouse', database: 'postgres' };
};

const record = (config: Config, root: string, ring: KeyRing, rows: number): void => {
  const profile = loadProfile(config.server.serverRole, join(root, 'config', 'profiles'));
  const audit = new Audit(config.log, new Installation(config, profile, ring.current.hex, ring), new Events(new Log(config.log)));
  const info = { key: ring.current.id, rows };
  audit.record({ organization: 'carbon.super', type: 'EncryptionKey', action: 'rotated', performedBy: userInfo().username, info });
};
