import { resolve } from 'node:path';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import { StartError } from '../config/config-error.js';
import { Installation } from '../config/installation.js';
import type { Profile } from '../config/profiles.js';
import { keyRing } from '../crypto/encryption-key.js';
import { requireFips } from '../crypto/fips.js';
import type { KeyRing } from '../crypto/key-ring.js';
import { externalUrl } from '../database/connect.js';
import { DatabaseAddress } from '../database/database-address.js';
import { openDatabase } from '../database/open.js';
import { lockDataFolder } from './data-lock.js';
import { requireFreePorts } from './ports.js';

export interface Parts {
  readonly config: Config;
  readonly profile: Profile;
  readonly encryptionKey: string;
  readonly keys: KeyRing | undefined;
  readonly address: DatabaseAddress;
  readonly connect: (entities: readonly Type[]) => Promise<DataSource>;
}

export interface Prepared {
  readonly parts: Parts;
  readonly installation: Installation;
  /** Gives back the lock and stops the embedded database. */
  readonly release: () => Promise<void>;
}

/** Everything that must be right before a module starts: data folder, ports, key, password, database. @throws StartError */
export const prepare = async (config: Config, profile: Profile, migrations: string): Promise<Prepared> => {
  if (config.crypto.provider === 'FIPS') requireFips();
  const dataDir = resolve(config.server.dataDir);
  const isStandalone = profile.name === 'all-in-one' && externalUrl(config.database) === undefined;
  const runsIdentity = profile.modules.has('identity');
  if (runsIdentity && !isStandalone && config.superAdmin.password === 'admin') {
    throw new StartError(
      'super_admin.password is still admin; set it (or APIM_SUPER_ADMIN__PASSWORD) for a server that is not the all-in-one on its embedded database',
    );
  }
  const followsOnly = [...profile.modules].every((name) => name === 'gateway');
  if (followsOnly && externalUrl(config.database) === undefined)
    throw new StartError('a gateway on its own follows the feed of a database; set database.url');
  const unlock = lockDataFolder(dataDir);
  try {
    // A gateway on its own reads no stored secret, unless it has the key: then it asks outside key managers with their credentials.
    const keys = followsOnly && !config.encryption.key ? undefined : keyRing(config.encryption, dataDir, isStandalone);
    const key = keys?.current.hex ?? '';
    const installation = new Installation(config, profile, key, keys);
    await requireFreePorts(config.server.bindAddress, portsOf(installation));
    const database = await databaseOf(config, profile, dataDir, migrations);
    return {
      parts: { config, profile, encryptionKey: key, keys, address: database.address, connect: database.source },
      installation,
      release: async () => {
        await database.stop();
        unlock();
      },
    };
  } catch (err) {
    unlock();
    throw err;
  }
};

const portsOf = (installation: Installation): readonly number[] => [
  installation.managementPort,
  ...(installation.profile.modules.has('gateway') ? [installation.gatewayHttpPort, installation.gatewayHttpsPort] : []),
];

/** A gateway on its own must start while the database is away: it neither waits for it nor migrates it. */
const databaseOf = async (config: Config, profile: Profile, dataDir: string, migrations: string) => {
  if ([...profile.modules].some((name) => name !== 'gateway')) return openDatabase(config.database, dataDir, migrations, databaseDied);
  const url = externalUrl(config.database) ?? '';
  const refuse = () => Promise.reject(new Error('a gateway on its own has no entity manager'));
  return { address: new DatabaseAddress({ connectionString: url }), source: refuse, stop: async () => undefined };
};

/** Without its database the process can only be restarted by its supervisor; the cluster recovers by itself at the next start. */
const databaseDied = (text: string): void => {
  process.stderr.write(`gatehouse: the embedded database ended: ${text}\n`);
  process.exitCode = 1;
  process.kill(process.pid, 'SIGTERM');
};
