import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartError } from '../../platform/config/config-error.js';
import { loadConfig } from '../../platform/config/load.js';
import { keyFileOf, keyRing } from '../../platform/crypto/encryption-key.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { openForCommand } from '../../platform/database/open-for-command.js';
import { Transactions } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Feed } from '../../platform/feed/feed.js';
import { Log } from '../../platform/logging/log.js';
import { KeyRotation } from './key-rotation.js';
import { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeys } from './signing-keys.js';

export interface RotateOptions {
  readonly root: string;
  readonly configFile: string | undefined;
  /** The domain of one tenant; all tenants when undefined. */
  readonly tenant: string | undefined;
  /** When the new keys begin to sign. */
  readonly afterSeconds: number;
}

/** `gatehouse keys rotate`: works beside running servers, as well as without one. @throws StartError */
export const rotateKeys = async (
  { root, configFile, tenant, afterSeconds }: RotateOptions,
  print: (line: string) => void,
): Promise<void> => {
  const { config } = loadConfig(configFile, process.env);
  const dataDir = resolve(config.server.dataDir);
  // The key of an installation that made its own is in its data folder; a command makes none.
  const ring = keyRing(config.encryption, dataDir, existsSync(keyFileOf(dataDir)));
  const { database, close } = await openForCommand(config.database, dataDir, root, [SigningKeyEntity]);
  try {
    const log = new Log(config.log);
    const events = new Events(log);
    const keys = new SigningKeys(database.getRepository(SigningKeyEntity), new Secrets({ keys: ring }), events, config.crypto);
    const rotation = new KeyRotation(keys, new Transactions(database, events), new Feed(), log);
    const rows: readonly { organization: string }[] = await database.query('SELECT DISTINCT organization FROM signing_keys ORDER BY 1');
    const tenants = rows.map(({ organization }) => organization).filter((organization) => tenant === undefined || organization === tenant);
    if (tenants.length === 0) throw new StartError(tenant === undefined ? 'there is no tenant yet' : `there is no tenant ${tenant}`);
    await rotation.clean();
    for (const organization of tenants) {
      const signsFrom = new Date(Date.now() + afterSeconds * 1_000);
      print(`${organization}: key ${await rotation.rotate(organization, signsFrom)} signs from ${signsFrom.toISOString()}`);
    }
  } finally {
    await close();
  }
};
