import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions } from '../../platform/database/transactions.js';
import { AccountChanges } from '../account-changes.js';

/** What a lock's statement gives back of its row. */
export interface LockRow {
  readonly unlock_at: Date | null;
}

/** How logins reach the rows of accounts: a control plane by its entity manager, a gateway on its own by plain SQL. */
export abstract class AccountRows {
  abstract read<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]>;
  /** Changes a row by one statement and gives what the statement returns. */
  abstract update<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]>;
  /** The same of a statement that may lock an account: gateways are told in its transaction when it has. */
  abstract lock(organization: string, text: string, values: readonly unknown[]): Promise<LockRow | undefined>;
}

@Injectable()
export class StoredAccountRows extends AccountRows {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly changes: AccountChanges,
  ) {
    super();
  }

  read<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    return this.database.query(text, [...values]);
  }

  async update<T extends object>(text: string, values: readonly unknown[]): Promise<readonly T[]> {
    const [rows]: [readonly T[], number] = await this.database.query(text, [...values]);
    return rows;
  }

  lock(organization: string, text: string, values: readonly unknown[]): Promise<LockRow | undefined> {
    return this.transactions.run(async (tx) => {
      const [[row]]: [readonly LockRow[], number] = await tx.em.query(text, [...values]);
      if (row?.unlock_at) await this.changes.tell(tx, organization);
      return row;
    });
  }
}
