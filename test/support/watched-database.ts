import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { DataSource, type Logger } from 'typeorm';
import { server } from './server.js';

const silent = () => undefined;

/** The database of the server under test, with a record of the statements that are sent to it; for parts of the server that a test runs itself. */
export class WatchedDatabase {
  private readonly statements: string[] = [];

  private constructor(readonly source: DataSource) {}

  static async open(...entities: readonly Type[]): Promise<WatchedDatabase> {
    const logger: Logger = {
      logQuery: (text) => watched.statements.push(text),
      ...{ logQueryError: silent, logQuerySlow: silent, logSchemaBuild: silent, logMigration: silent, log: silent },
    };
    const options = { host: join(server.dataDir, 'postgres'), username: 'gatehouse', database: 'postgres', poolSize: 1 };
    const watched = new WatchedDatabase(new DataSource({ type: 'postgres', ...options, entities: [...entities], logging: true, logger }));
    await watched.source.initialize();
    return watched;
  }

  /** How many statements the work sends, its result beside it. */
  async counting<T>(work: () => Promise<T>): Promise<{ readonly statements: number; readonly result: T }> {
    this.statements.length = 0;
    const result = await work();
    return { statements: this.statements.length, result };
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}
