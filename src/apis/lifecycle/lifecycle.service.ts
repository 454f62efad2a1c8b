import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, Not } from 'typeorm';
import type { ApiStatus } from '../../domain/api.js';
import {
  type Checklist,
  checkItemsOf,
  compareVersions,
  nextState,
  parseChecklist,
  transitionsFrom,
  undeploysIn,
} from '../../domain/lifecycle.js';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SubscriptionCopies } from '../../subscriptions/subscription-copies.js';
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
    private readonly copies: SubscriptionCopies,
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
      const checklist = parseChecklist(change.checklist);
      if (checklist.deprecateOlder) await lockVersions(tx, caller.organization, apiId);
      const api = await this.apis.lock(tx, caller, apiId, ApiNotFound);
      const hasOlderVersion = await hasOlder(tx, api);
      unchanged({ status: api.status, hasOlderVersion });
      const target = nextState(api.status, change.action);
      if (target === undefined) throw UnsupportedAction(change.action, `[${actionsFrom(api.status).join(', ')}]`);
      if (target === 'PUBLISHED') refuseUnpublishable(api);
      await this.enter(tx, caller, api, target);
      if (checkItemsOf(api.status).length > 0 && target === 'PUBLISHED') await this.followPublication(tx, caller, api, checklist);
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

  /** What a first publication means for the versions before: their subscribers come along, and they are deprecated, as the checklist says. */
  private async followPublication(tx: Tx, caller: User, api: ApiEntity, checklist: Checklist): Promise<void> {
    const older = (await olderVersions(tx, api)).sort((a, b) => compareVersions(b.version, a.version));
    if (!checklist.requireResubscription) {
      const from = older.map(({ id }) => id);
      await this.copies.copy(tx, api.organization, from, api);
    }
    if (!checklist.deprecateOlder) return;
    for (const version of older) if (version.status === 'PUBLISHED') await this.enter(tx, caller, version, 'DEPRECATED');
  }
}

const actionsFrom = (status: ApiStatus): readonly string[] => transitionsFrom(status).map(({ action }) => action);

const hasOlder = async (tx: Pick<Tx, 'em'>, api: ApiEntity): Promise<boolean> => (await olderVersions(tx, api)).length > 0;

/** The living versions of the same name with a lower version number. */
const olderVersions = async ({ em }: Pick<Tx, 'em'>, { organization, name, id, version }: ApiEntity): Promise<ApiEntity[]> => {
  const others = await em.find(ApiEntity, {
    where: { organization, name, id: Not(id), status: Not('RETIRED') },
    select: { id: true, organization: true, version: true, status: true },
  });
  return others.filter((other) => compareVersions(other.version, version) < 0);
};

/** Holds all versions of an API in one order, so that two changes that reach several versions do not wait for each other for ever. */
const lockVersions = async ({ em }: Tx, organization: string, apiId: string): Promise<void> => {
  if (!isUUID(apiId)) return;
  await em.query(
    'SELECT 1 FROM apis WHERE organization = $1 AND name = (SELECT name FROM apis WHERE organization = $1 AND id = $2) ORDER BY id FOR UPDATE',
    [organization, apiId],
  );
};
