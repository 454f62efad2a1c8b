import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Api, ApiStatus } from '../../domain/api.js';
import type { Tx } from '../../platform/database/transactions.js';
import { LifecycleEventEntity } from './lifecycle-event.entity.js';

/** Remembers every change of an API's state, and its creation. */
@Injectable()
export class LifecycleHistory {
  constructor(@InjectRepository(LifecycleEventEntity) private readonly events: Repository<LifecycleEventEntity>) {}

  /** The first entry, written in the transaction that creates the API. A prototype was created first, too. */
  async begin(tx: Tx, api: Pick<Api, 'id' | 'organization' | 'status'>, user: string): Promise<void> {
    await this.add(tx, api, null, 'CREATED', user);
    if (api.status !== 'CREATED') await this.add(tx, api, 'CREATED', api.status, user);
  }

  /** One change of state; the user's name as the wire shows it. */
  async add(
    tx: Tx,
    api: Pick<Api, 'id' | 'organization'>,
    previousState: ApiStatus | null,
    postState: ApiStatus,
    user: string,
  ): Promise<void> {
    await tx.em.insert(LifecycleEventEntity, {
      id: randomUUID(),
      organization: api.organization,
      apiId: api.id,
      previousState,
      postState,
      user,
    });
  }

  /** Oldest first. */
  async of(organization: string, apiId: string): Promise<readonly LifecycleEventEntity[]> {
    return this.events.find({ where: { organization, apiId }, order: { happenedAt: 'ASC' } });
  }
}
