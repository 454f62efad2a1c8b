import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/sections/database.config.js';
import { connect, connectionOptions, externalUrl } from './connect.js';
import { DatabaseAddress } from './database-address.js';
import { EmbeddedPostgres } from './embedded-postgres.js';
import { migrate } from './migrations.js';

export interface OpenDatabase {
  readonly address: DatabaseAddress;
  readonly isEmbedded: boolean;
  /** The connection pool over these entities; it is initialized already. */
  readonly source: (entities: readonly Type[]) => Promise<DataSource>;
  /** Stops the embedded server; the connections are closed by whoever opened them. */
  readonly stop: () => Promise<void>;
}

/** Starts the embedded server where none is named, and brings the schema up to date. @throws StartError */
export const openDatabase = async (
  config: DatabaseConfig,
  dataDir: string,
  migrations: string,
  onDeath: (text: string) => void,
): Promise<OpenDatabase> => {
  const url = externalUrl(config);
  const embedded = url ? undefined : await EmbeddedPostgres.start(join(dataDir, 'postgres'), onDeath);
  const address = new DatabaseAddress(embedded ? embedded.connection : { connectionString: url ?? '' });
  const stop = async () => embedded?.stop();
  try {
    const options = connectionOptions(address, config);
    const first = await connect(options);
    await migrate(first, migrations);
    await first.destroy();
    return {
      address,
      isEmbedded: embedded !== undefined,
      stop,
      source: async (entities) => new DataSource({ ...options, entities: [...entities] }),
    };
  } catch (err) {
    await stop();
    throw err;
  }
};
