import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type Api, type ApiRef, PRODUCT_TYPE } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { Conflict, found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { ApiEntity } from '../api.entity.js';
import { ApiChecks } from '../api-checks.js';
import { ApiWriter } from '../api-writer.js';
import { ApiNotFound } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { sourceOf } from '../definitions/definition-source.js';
import { Definitions } from '../definitions/definitions.service.js';
import { ProductVersionExists } from '../products/products.problems.js';
import { ApiCopies } from './api-copies.js';
import { VersionExists } from './versions.problems.js';

export interface NewVersion {
  readonly version: string;
  /** Whether it becomes the version that answers without one in the path. */
  readonly isDefaultVersion: boolean;
}

/** How often a copy is planned anew because its source changed meanwhile. */
const ATTEMPTS_MAX = 5;

/** Makes new versions of APIs. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly apis: ApisForChange,
    private readonly checks: ApiChecks,
    private readonly writer: ApiWriter,
    private readonly definitions: Definitions,
    private readonly copies: ApiCopies,
    private readonly transactions: Transactions,
  ) {}

  /**
   * Copies an API or product with its definition and its registered parts into a new version in state CREATED; subscriptions, comments, revisions and
   * deployments stay with the source.
   * @throws ApiNotFound (404), Forbidden (403), VersionExists, ApiContextExists (409).
   */
  async copy(caller: User, ref: ApiRef, { version, isDefaultVersion }: NewVersion): Promise<Api> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const source = await this.apis.read(caller, ref);
      const stored = await this.writer.definitionOf(source);
      const now = new Date();
      const { path, productUses, ...kept } = source;
      const copy: Api = {
        ...kept,
        id: randomUUID(),
        version,
        isDefaultVersion,
        status: 'CREATED',
        details: { ...source.details, workflowStatus: null },
        createdAt: now,
        updatedAt: now,
        updatedBy: shownName(caller),
      };
      // Rewritten before the transaction: a large definition takes its time.
      const definition = stored === null ? null : await this.definitions.write({ content: stored, version: 'v3', source: sourceOf(copy) });
      const written = await this.transactions.run((tx) => this.write(tx, caller, source, copy, definition));
      if (written) return written;
    }
    throw Conflict('The API is being changed by others. Repeat the copy.');
  }

  /** Undefined when the source is no longer what the copy was made from. */
  private async write(tx: Tx, caller: User, source: ApiEntity, copy: Api, definition: string | null): Promise<Api | undefined> {
    const { organization, id } = source;
    await this.checks.hold(tx, organization);
    const current = await tx.em.findOne(ApiEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
    if (found(current, ApiNotFound, id).updatedAt.getTime() !== source.updatedAt.getTime()) return undefined;
    await refuseTaken(tx, copy);
    const written = await this.writer.insert(tx, caller, copy, definition);
    await this.copies.copy(tx, source, written);
    return written;
  }
}

/** A version counts as taken in any letter case. @throws VersionExists, ProductVersionExists (409). */
const refuseTaken = async (tx: Tx, { organization, name, version, type }: Api): Promise<void> => {
  const taken: readonly unknown[] = await tx.em.query(
    'SELECT 1 FROM apis WHERE organization = $1 AND lower(name) = lower($2) AND lower(version) = lower($3)',
    [organization, name, version],
  );
  if (taken.length > 0) throw (type === PRODUCT_TYPE ? ProductVersionExists : VersionExists)(version, name);
};
