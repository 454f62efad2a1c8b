import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { apiRef } from '../../domain/api.js';
import { isHiddenFromPortal } from '../../domain/lifecycle.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { ApiEntity } from '../api.entity.js';
import { ApisForChange } from '../apis-for-change.js';
import { DevportalUrls } from '../portal/devportal-urls.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import { Queues } from '../queues.js';
import { type Announcement, announcementOf } from './announcement.js';
import { ApiStoreEntity } from './api-store.entity.js';
import { ConfiguredStores } from './configured-stores.js';
import type { ExternalStore, PublishedApi } from './external-store.js';
import { ExternalStoreNotFound, NotInDevportal, StoresFailed } from './external-stores.problems.js';
import { StoreClient, StoreFailure } from './store-client.js';

/** Offers APIs in the stores of other servers (`reference/publisher.md` §19). */
@Injectable()
export class ExternalStores {
  /** A store that is told of one API twice at once would have it twice. */
  private readonly queues = new Queues();

  constructor(
    @InjectRepository(ApiStoreEntity) private readonly published: Repository<ApiStoreEntity>,
    private readonly apis: ApisForChange,
    private readonly portal: PortalApisService,
    private readonly stores: ConfiguredStores,
    private readonly client: StoreClient,
    private readonly transactions: Transactions,
    private readonly portals: DevportalUrls,
  ) {}

  list({ organization }: User): Promise<readonly ExternalStore[]> {
    return this.stores.of(organization);
  }

  /** The configured stores that offer the API. @throws ApiNotFound (404), Forbidden (403). */
  async of(caller: User, apiId: string): Promise<readonly PublishedApi[]> {
    const api = await this.apis.read(caller, apiRef(apiId));
    return this.offered(api, await this.stores.of(api.organization));
  }

  /**
   * Has the API offered by the named stores and by no other, and gives those that offer it then; `unchanged` may refuse on seeing those before.
   * What one store did is recorded whatever becomes of the others.
   * @throws ApiNotFound, ExternalStoreNotFound (404), Forbidden (403), NotInDevportal (409), StoresFailed (400).
   */
  publish(
    caller: User,
    apiId: string,
    storeIds: readonly string[],
    unchanged: (before: readonly PublishedApi[]) => void,
  ): Promise<readonly PublishedApi[]> {
    return this.queues.run(apiId, async () => {
      const api = await this.apis.read(caller, apiRef(apiId));
      const stores = await this.stores.of(api.organization);
      const before = await this.offered(api, stores);
      unchanged(before);
      if (storeIds.some((id) => !stores.some((store) => store.id === id))) throw ExternalStoreNotFound();
      const announced = storeIds.length > 0 ? await this.announcement(caller, api) : undefined;
      const steps = stores.map(async (store) => {
        const known = before.find(({ storeId }) => storeId === store.id)?.remoteId;
        if (announced && storeIds.includes(store.id)) await this.offer(caller, apiId, store, announced, known);
        else if (known !== undefined) await this.withdraw(api, store, known);
      });
      const failures = failuresOf(stores, await Promise.allSettled(steps));
      if (failures.length > 0) throw StoresFailed(failures);
      return this.offered(api, stores);
    });
  }

  private async announcement(caller: User, api: ApiEntity): Promise<Announcement> {
    if (isHiddenFromPortal(api.status)) throw NotInDevportal();
    const shown = await this.portal.get({ organization: api.organization, caller }, api.id);
    return announcementOf(shown, await this.portals.of(api.organization));
  }

  private async offer(
    caller: User,
    apiId: string,
    store: ExternalStore,
    announced: Announcement,
    known: string | undefined,
  ): Promise<void> {
    const remoteId = await this.client.publish(store, announced, known);
    await this.transactions.run(async (tx) => {
      const { organization } = await this.apis.hold(tx, caller, apiRef(apiId));
      const row = { apiId, storeId: store.id, organization, remoteId, updatedAt: new Date() };
      await tx.em.upsert(ApiStoreEntity, row, ['apiId', 'storeId']);
    });
  }

  private async withdraw({ id: apiId, organization }: ApiEntity, store: ExternalStore, remoteId: string): Promise<void> {
    await this.client.withdraw(store, remoteId);
    await this.transactions.run((tx) => tx.em.delete(ApiStoreEntity, { apiId, organization, storeId: store.id }));
  }

  private async offered({ id: apiId, organization }: ApiEntity, stores: readonly ExternalStore[]): Promise<readonly ApiStoreEntity[]> {
    const rows = await this.published.findBy({ apiId, organization });
    return stores.flatMap(({ id }) => rows.filter(({ storeId }) => storeId === id));
  }
}

/** What the stores failed at, one sentence each. Throws what is no store's failure. */
const failuresOf = (stores: readonly ExternalStore[], outcomes: readonly PromiseSettledResult<void>[]): readonly string[] =>
  outcomes.flatMap((outcome, at) => {
    if (outcome.status === 'fulfilled') return [];
    const reason: unknown = outcome.reason;
    if (reason instanceof StoreFailure) return [`${stores[at]?.id}: ${reason.message}`];
    throw reason;
  });
