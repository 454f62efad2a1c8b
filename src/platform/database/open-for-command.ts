import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { StartError } from '../config/config-error.js';
import type { DatabaseConfig } from '../config/sections/database.config.js';
import { isDataFolderInUse } from '../process/data-lock.js';
import { connect, connectionOptions, externalUrl } from './connect.js';
import { DatabaseAddress } from './database-address.js';
import { runningSocketFolder } from './embedded-postgres.js';
import { openDatabase } from './open.js';

export interface CommandDatabase {
  readonly database: DataSource;
  readonly close: () => Promise<void>;
}

/**
 * Opens the installation's database for a command of an operator: an external one like any server does, the embedded one through the server that runs it,
 * or, where none runs, by starting it for the time being. @throws StartError
 */
export const openForCommand = async (
  config: DatabaseConfig,
  dataDir: string,
  root: string,
  entities: readonly Type[],
): Promise<CommandDatabase> => {
  const folder = join(dataDir, 'postgres');
  if (externalUrl(config) === undefined && isDataFolderInUse(dataDir)) {
    const socket = runningSocketFolder(folder);
    if (socket === undefined) throw new StartError(`the server on ${dataDir} is starting or stopping; try again in a moment`);
    const address = new DatabaseAddress({ host: socket, user: 'gatehouse', database: 'postgres' });
    const database = await connect({ ...connectionOptions(address, config), entities: [...entities] });
    return { database, close: () => database.destroy() };
  }
  if (externalUrl(config) === undefined && !existsSync(folder)) throw new StartError(`there is no data in ${dataDir}; set server.data_dir`);
  const opened = await openDatabase(config, dataDir, join(root, 'migrations'), () => undefined);
  const database = await (await opened.source(entities)).initialize();
  return {
    database,
    close: async () => {
      await database.destroy();
      await opened.stop();
    },
  };
};
