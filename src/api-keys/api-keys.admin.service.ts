import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import type { User } from '../domain/user.js';
import { Transactions } from '../platform/database/transactions.js';
import { ApiKeyRows } from './api-key-rows.js';
import { ApiKeyNotFound } from './api-keys.problems.js';
import { ApiKeysQueries, type ListedKey } from './api-keys.queries.js';

/** The API keys of a whole tenant, whoever made them. */
@Injectable()
export class ApiKeysAdminService {
  constructor(
    private readonly rows: ApiKeyRows,
    private readonly queries: ApiKeysQueries,
    private readonly transactions: Transactions,
  ) {}

  list({ organization }: User): Promise<readonly ListedKey[]> {
    return this.queries.ofTenant(organization);
  }

  /** @throws ApiKeyNotFound (404). */
  async revoke({ organization }: User, id: string): Promise<void> {
    if (!isUUID(id)) throw ApiKeyNotFound(id);
    await this.transactions.run(async (tx) => this.rows.remove(tx, await this.rows.locked(tx, { id, organization }, id)));
  }
}
