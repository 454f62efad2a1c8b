import { Injectable } from '@nestjs/common';
import { DataSource, Not } from 'typeorm';
import type { ApiStatus } from '../../domain/api.js';
import { type Checklist, compareVersions, nextState, parseChecklist, transitionsFrom, undeploysIn } from '../../domain/lifecycle.js';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SubscriptionRemovals } from '../../subscriptions/subscription-removals.js';
import { ApiEntity } from '../api.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedApis } from '../revisions/deployed-apis.js';
import { RevisionsService } from '../revisions/revisions.service.js';
import type { LifecyclePosition } from './lifecycle.mapper.js';
import { UnsupportedAction } from './lifecycle.problems.js';
import type { LifecycleEventEntity } from './lifecycle-event.entity.js';
import { LifecycleHistory } from './lifecycle-history.js';
import { refuseUnpublishable } from './publish-checks.js';

/** What is asked for: an action's name and the ticked items as `name:true,name:false`. */
export interface LifecycleChange {
  readonly action: string;
  readonly checklist: string;
}

/** Moves APIs through their life cycle, with everything that follows from a new state in the same transaction. */
@Injectable()
export class LifecycleService {
  constructor(
    private readonly database: DataSource,
    private readonly apis: ApisForChange,
    private readonly history: LifecycleHistory,
    private readonly deployedApis: DeployedApis,
    private readonly revisions: RevisionsService,
    private readonly subscriptions: SubscriptionRemovals,
    private readonly transactions: Transactions,
  ) {}

  /** @throws ApiNotFound (404). */
  async position(caller: User, apiId: string): Promise<LifecyclePosition> {
    const api = await this.apis.read(caller, apiId, ApiNotFound);
    return { status: api.status, hasOlderVersion: await hasOlder({ em: this.database.manager }, api) };
  }

  /** @throws ApiNotFound (404). */
  async events(caller: User, apiId: string): Promise<readonly LifecycleEventEntity[]> {
    await this.apis.read(caller, apiId, ApiNotFound);
    return this.history.of(caller.organization, apiId);
  }

  /**
   * Applies an action; `unchanged` may refuse on seeing the position before it.
   * @throws ApiNotFound, UnsupportedAction (903234), EndpointMissing (903223), TiersMissing (903224).
   */
  async change(
    caller: User,
    apiId: string,
    change: LifecycleChange,
    unchanged: (before: LifecyclePosition) => void,
  ): Promise<LifecyclePosition> {
    return this.transactions.run(async (tx) => {
      const api = await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const hasOlderVersion = await hasOlder(tx, api);
      unchanged({ status: api.status, hasOlderVersion });
      const target = nextState(api.status, change.action);
      if (target === undefined) throw UnsupportedAction(change.action, `[${actionsFrom(api.status).join(', ')}]`);
      if (target === 'PUBLISHED') refuseUnpublishable(api);
      await this.enter(tx, caller, api, target);
      if (target === 'PUBLISHED') await this.followPublication(tx, caller, api, parseChecklist(change.checklist));
      return { status: target, hasOlderVersion };
    });
  }

  /** Writes the new state and its consequences; the same state again changes nothing. */
  private async enter(tx: Tx, caller: User, api: ApiEntity, target: ApiStatus): Promise<void> {
    if (target === api.status) return;
    const { id, organization } = api;
    await tx.em.update(ApiEntity, { id, organization }, { status: target, updatedAt: new Date(), updatedBy: shownName(caller) });
    await this.history.add(tx, api, api.status, target, shownName(caller));
    if (undeploysIn(target)) await this.deployedApis.removeAll(tx, organization, id);
    else await this.deployedApis.refresh(tx, organization, id);
    if (target === 'RETIRED') {
      await this.revisions.removeAll(tx, organization, id);
      await this.subscriptions.removeByApi(tx, organization, id);
    }
  }

  /** Deprecates older published versions when that was ticked. */
  private async followPublication(tx: Tx, caller: User, api: ApiEntity, { deprecateOlder }: Checklist): Promise<void> {
    if (!deprecateOlder) return;
    const { organization, name, id, version } = api;
    const published = await tx.em.find(ApiEntity, {
      where: { organization, name, id: Not(id), status: 'PUBLISHED' },
      lock: { mode: 'pessimistic_write' },
      order: { id: 'ASC' },
    });
    for (const older of published) {
      if (compareVersions(older.version, version) < 0) await this.enter(tx, caller, older, 'DEPRECATED');
    }
  }
}

const actionsFrom = (status: ApiStatus): readonly string[] => transitionsFrom(status).map(({ action }) => action);

/** Whether a living version of the same name has a lower version number. */
const hasOlder = async ({ em }: Pick<Tx, 'em'>, { organization, name, id, version }: ApiEntity): Promise<boolean> => {
  const others = await em.find(ApiEntity, {
    where: { organization, name, id: Not(id), status: Not('RETIRED') },
    select: { id: true, version: true },
  });
  return others.some((other) => compareVersions(other.version, version) < 0);
};
