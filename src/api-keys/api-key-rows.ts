import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type FindOptionsWhere, In } from 'typeorm';
import type { ApiKeyDocument, KeyRestrictions, KeyType } from '../domain/gateway-documents.js';
import { found } from '../domain/problem.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { ApiKeyNotFound } from './api-keys.problems.js';
import { expiryOf, hashOf, newKeyValue } from './key-value.js';

/** What a user decides about a key. */
export interface KeyRequest {
  readonly name: string;
  readonly keyType: KeyType;
  /** Seconds; -1 never ends. */
  readonly validitySeconds: number;
  readonly restrictions: KeyRestrictions;
}

export interface NewKey extends KeyRequest {
  readonly organization: string;
  readonly owner: string;
  readonly apiId: string | null;
  readonly applicationId: string | null;
}

/** A key with its value, which is known only now. */
export interface IssuedKey {
  readonly key: ApiKeyEntity;
  readonly value: string;
}

/** Writes API keys together with their documents at the gateways. Who may do so is the callers' business. */
@Injectable()
export class ApiKeyRows {
  constructor(private readonly feed: Feed) {}

  async add(tx: Tx, content: NewKey): Promise<IssuedKey> {
    const value = newKeyValue();
    const issuedAt = new Date();
    const times = { issuedAt, expiresAt: expiryOf(issuedAt, content.validitySeconds), lastUsedAt: null };
    const key = tx.em.create(ApiKeyEntity, { ...content, ...times, id: randomUUID(), hash: hashOf(value) });
    await tx.em.insert(ApiKeyEntity, key);
    await this.announce(tx, key);
    return { key, value };
  }

  /** Gives the key a new value, good for as long as the first one was; the old one is dead with the commit. */
  async renew(tx: Tx, key: ApiKeyEntity): Promise<IssuedKey> {
    const value = newKeyValue();
    await this.feed.remove(tx, key.organization, 'api-key', key.hash);
    const issuedAt = new Date();
    const expiresAt = expiryOf(issuedAt, key.validitySeconds);
    const renewed = await tx.em.save(Object.assign(key, { hash: hashOf(value), issuedAt, expiresAt, lastUsedAt: null }));
    await this.announce(tx, renewed);
    return { key: renewed, value };
  }

  /** Ties the key of an API to an application, or to none. */
  async associate(tx: Tx, key: ApiKeyEntity, applicationId: string | null): Promise<void> {
    await this.announce(tx, await tx.em.save(Object.assign(key, { applicationId })));
  }

  async remove(tx: Tx, { id, organization, hash }: ApiKeyEntity): Promise<void> {
    await tx.em.delete(ApiKeyEntity, { id, organization });
    await this.feed.remove(tx, organization, 'api-key', hash);
  }

  /** The key, locked until the transaction ends. @throws ApiKeyNotFound (404). */
  async locked(tx: Tx, where: FindOptionsWhere<ApiKeyEntity>, shown: string): Promise<ApiKeyEntity> {
    return found(await this.find(tx, where), ApiKeyNotFound, shown);
  }

  /** As {@link locked}, or null when there is none. */
  find(tx: Tx, where: FindOptionsWhere<ApiKeyEntity>): Promise<ApiKeyEntity | null> {
    return tx.em.findOne(ApiKeyEntity, { where, lock: { mode: 'pessimistic_write' } });
  }

  /** Keys of an API that is deleted or retired. */
  async removeByApi(tx: Tx, organization: string, apiId: string): Promise<void> {
    await this.removeAll(tx, { organization, apiId });
  }

  /** Who made the keys of an application, or associated theirs with it. */
  async ownersOf({ em }: Tx, organization: string, applicationId: string): Promise<readonly string[]> {
    const rows: readonly { owner: string }[] = await em.query(
      'SELECT DISTINCT owner FROM api_keys WHERE organization = $1 AND application_id = $2',
      [organization, applicationId],
    );
    return rows.map(({ owner }) => owner);
  }

  /** Makes the keys that somebody has with an application somebody else's; their values stay good. */
  async handOver(
    tx: Tx,
    { organization, id: applicationId }: { readonly organization: string; readonly id: string },
    from: string,
    to: string,
  ): Promise<void> {
    for (const key of await lockedAll(tx, { organization, applicationId, owner: from })) {
      await this.announce(tx, await tx.em.save(Object.assign(key, { owner: to })));
    }
  }

  /** Keys of an application that is deleted, or closed to these owners; those of APIs stay with their owner and are associated with none. */
  async removeByApplication(tx: Tx, organization: string, applicationId: string, owners?: readonly string[]): Promise<void> {
    const keys = await lockedAll(tx, { organization, applicationId, ...(owners && { owner: In([...owners]) }) });
    for (const key of keys) await (key.apiId === null ? this.remove(tx, key) : this.associate(tx, key, null));
  }

  /** Ends the associations that rested on a subscription. */
  async dissociate(tx: Tx, organization: string, apiId: string, applicationId: string): Promise<void> {
    for (const key of await lockedAll(tx, { organization, apiId, applicationId })) await this.associate(tx, key, null);
  }

  private async removeAll(tx: Tx, where: FindOptionsWhere<ApiKeyEntity>): Promise<void> {
    for (const key of await lockedAll(tx, where)) await this.remove(tx, key);
  }

  private announce(tx: Tx, key: ApiKeyEntity): Promise<void> {
    return this.feed.put(tx, key.organization, 'api-key', key.hash, documentOf(key));
  }
}

/** In one order, so that two who lock the same keys wait for one another instead of for ever. */
const lockedAll = (tx: Tx, where: FindOptionsWhere<ApiKeyEntity>): Promise<readonly ApiKeyEntity[]> =>
  tx.em.find(ApiKeyEntity, { where, order: { id: 'ASC' }, lock: { mode: 'pessimistic_write' } });

const documentOf = (key: ApiKeyEntity): ApiKeyDocument => ({
  keyId: key.id,
  owner: key.owner,
  keyType: key.keyType,
  apiId: key.apiId,
  applicationId: key.applicationId,
  expiresAt: key.expiresAt?.getTime() ?? null,
  restrictions: key.restrictions,
});
