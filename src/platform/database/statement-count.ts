import type { Logger } from 'typeorm';
import { countsStatement } from '../origin/origin.js';

/** Counts the statements that each request sends; says nothing of them, as they may hold secrets. */
export class StatementCount implements Logger {
  logQuery(): void {
    countsStatement();
  }

  logQueryError(): void {}

  logQuerySlow(): void {}

  logSchemaBuild(): void {}

  logMigration(): void {}

  log(): void {}
}
