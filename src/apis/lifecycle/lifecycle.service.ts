import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { DataSource, Not } from 'typeorm';
import { type ApiRef, type ApiStatus, kindOf, PRODUCT_TYPE } from '../../domain/api.js';
import {
  type Checklist,
  compareVersions,
  isPublication,
  type Lifecycle,
  nextState,
  parseChecklist,
  pathTo,
  titleOf,
  transitionsFrom,
  undeploysIn,
} from '../../domain/lifecycle.js';
import { shownName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { SubscriptionCopies } from '../../subscriptions/subscription-copies.js';
import { SubscriptionRemovals } from '../../subscriptions/subscription-removals.js';
import { ApiEntity } from '../api.entity.js';
import { ApiNotFound } from '../apis.problems.js';
import { ApisForChange } from '../apis-for-change.js';
import { DeployedApis } from '../revisions/deployed-apis.js';
import { RevisionsService } from '../revisions/revisions.service.js';
import { holdTenantApis } from '../tenant-lock.js';
import type { LifecycleOutcome, LifecyclePosition } from './lifecycle.mapper.js';
import { UnsupportedAction } from './lifecycle.problems.js';
import type { LifecycleEventEntity } from './lifecycle-event.entity.js';
import { LifecycleHistory } from './lifecycle-history.js';
import { type LifecycleChange, LifecycleRequests } from './lifecycle-requests.js';
import { refuseUnpublishable } from './publish-checks.js';
import { TenantLifecycles } from './tenant-lifecycles.js';

/** Moves APIs through their life cycle, with everything that follows from a new state in the same transaction. */
@Injectable()
export class LifecycleService {
  constructor(
    private readonly database: DataSource,
    private readonly apis: ApisForChange,
    private readonly history: LifecycleHistory,
    private readonly lifecycles: TenantLifecycles,
    private readonly requests: LifecycleRequests,
    private readonly deployedApis: DeployedApis,
    private readonly revisions: RevisionsService,
    private readonly subscriptions: SubscriptionRemovals,
    private readonly copies: SubscriptionCopies,
    private readonly transactions: Transactions,
    private readonly config: ApimConfig,
  ) {}

  /** @throws ApiNotFound (404). */
  async position(caller: User, ref: ApiRef): Promise<LifecyclePosition> {
    return this.positionOf({ em: this.database.manager }, await this.apis.read(caller, ref));
  }

  /** @throws ApiNotFound (404). */
  async events(caller: User, ref: ApiRef): Promise<readonly LifecycleEventEntity[]> {
    await this.apis.read(caller, ref);
    return this.history.of(caller.organization, ref.id);
  }

  /**
   * Applies an action, or asks for it where that needs an approval; `unchanged` may refuse on seeing the position before it.
   * @throws ApiNotFound, UnsupportedAction (903234), EndpointMissing (903223), TiersMissing (903224), RequiredPropertiesMissingToPublish (903015),
   * WorkflowPending (409).
   */
  async change(
    caller: User,
    ref: ApiRef,
    change: LifecycleChange,
    unchanged: (before: LifecyclePosition) => void,
  ): Promise<LifecycleOutcome> {
    const { api, ...outcome } = await this.transactions.run(async (tx) => {
      await this.holdVersions(tx, caller.organization, ref.id, change);
      const api = await this.apis.lock(tx, caller, ref);
      const before = await this.positionOf(tx, api);
      unchanged(before);
      await this.requests.refusePending(tx, api);
      const invoker = shownName(caller);
      const target = await this.step(tx, api, before, change, invoker);
      return target === undefined ? { ...before, api, isPending: true } : { ...before, api, status: target, isPending: false };
    });
    return { ...outcome, redirection: outcome.isPending ? await this.requests.redirection(api) : '' };
  }

  /**
   * Leads an API, held by the transaction, to a state through as many actions as it takes, each with its checks; the way ends where an action needs an
   * approval. @throws UnsupportedAction (903234) where no actions lead there, and as {@link change}.
   */
  async lead(tx: Tx, caller: User, api: ApiEntity, to: ApiStatus): Promise<void> {
    const { lifecycle } = await this.positionOf(tx, api);
    const path = pathTo(lifecycle, api.status, to);
    if (path === undefined) throw UnsupportedAction(titleOf(lifecycle, to), `[${actionsFrom(lifecycle, api.status)}]`);
    for (const { action } of path) {
      const target = await this.step(tx, api, await this.positionOf(tx, api), { action, checklist: '' }, shownName(caller));
      if (target === undefined) return;
      api.status = target;
    }
  }

  /** Carries out a change that was approved. @throws as {@link change}: what spoke for it then may speak against it now. */
  async complete(tx: Tx, organization: string, apiId: string, change: LifecycleChange, invoker: string): Promise<void> {
    const api = found(await tx.em.findOneBy(ApiEntity, { organization, id: apiId }), ApiNotFound, apiId);
    const before = await this.positionOf(tx, api);
    await this.apply(tx, api, before, { ...change, target: this.targetOf(before, api, change.action), invoker });
  }

  /** Holds all versions that the change may reach, before the API itself is locked. */
  async holdVersions(tx: Tx, organization: string, apiId: string, { checklist }: LifecycleChange): Promise<void> {
    if (parseChecklist(checklist).deprecateOlder) await lockVersions(tx, organization, apiId);
  }

  private async positionOf(tx: Pick<Tx, 'em'>, api: ApiEntity): Promise<LifecyclePosition> {
    return {
      lifecycle: await this.lifecycles.of(api.organization, tx.em),
      kind: kindOf(api.type),
      status: api.status,
      hasOlderVersion: await hasOlder(tx, api),
    };
  }

  /** One action: gives the state it led to, or undefined where it waits for an approval now. */
  private async step(
    tx: Tx,
    api: ApiEntity,
    before: LifecyclePosition,
    change: LifecycleChange,
    invoker: string,
  ): Promise<ApiStatus | undefined> {
    const target = this.targetOf(before, api, change.action);
    if ((await this.requests.ask(tx, api, before, change, invoker)) === 'pending') return undefined;
    await this.apply(tx, api, before, { ...change, target, invoker });
    return target;
  }

  /** The state the action leads to. @throws UnsupportedAction, EndpointMissing, TiersMissing, RequiredPropertiesMissingToPublish. */
  private targetOf({ lifecycle }: LifecyclePosition, api: ApiEntity, action: string): ApiStatus {
    const target = nextState(lifecycle, api.status, action);
    if (target === undefined) throw UnsupportedAction(action, `[${actionsFrom(lifecycle, api.status)}]`);
    if (target === 'PUBLISHED') refuseUnpublishable(api, this.config.publisher.customProperties);
    return target;
  }

  private async apply(tx: Tx, api: ApiEntity, before: LifecyclePosition, { target, checklist, invoker }: Step): Promise<void> {
    await this.enter(tx, api, target, invoker);
    if (!isPublication(before.status, target)) return;
    await this.followPublication(tx, api, parseChecklist(checklist), invoker);
    tx.raise('api.version-published', { organization: api.organization, apiId: api.id });
  }

  /** Writes the new state and its consequences; the same state again changes nothing. */
  private async enter(tx: Tx, api: ApiEntity, target: ApiStatus, invoker: string): Promise<void> {
    if (target === api.status) return;
    const { id, organization } = api;
    await tx.em.update(ApiEntity, { id, organization }, { status: target, updatedAt: new Date(), updatedBy: invoker });
    await this.history.add(tx, api, api.status, target, invoker);
    await this.requests.clear(tx, api);
    if (undeploysIn(target)) await this.deployedApis.removeAll(tx, organization, id);
    else await this.deployedApis.refresh(tx, organization, id);
    if (target === 'RETIRED') {
      await this.revisions.close(tx, api);
      await this.subscriptions.removeByApi(tx, organization, id);
    }
  }

  /** What a first publication means for the versions before: their subscribers come along, and they are deprecated, as the checklist says. */
  private async followPublication(tx: Tx, api: ApiEntity, checklist: Checklist, invoker: string): Promise<void> {
    const older = (await olderVersions(tx, api)).sort((a, b) => compareVersions(b.version, a.version));
    if (!checklist.requireResubscription) {
      const from = older.map(({ id }) => id);
      await this.copies.copy(tx, api.organization, from, api);
    }
    if (!checklist.deprecateOlder) return;
    for (const version of older) if (version.status === 'PUBLISHED') await this.enter(tx, version, 'DEPRECATED', invoker);
  }
}

interface Step extends LifecycleChange {
  readonly target: ApiStatus;
  /** Who asked for it, as the wire shows the name. */
  readonly invoker: string;
}

const actionsFrom = (lifecycle: Lifecycle, status: ApiStatus): string =>
  transitionsFrom(lifecycle, status)
    .map(({ action }) => action)
    .join(', ');

const hasOlder = async (tx: Pick<Tx, 'em'>, api: ApiEntity): Promise<boolean> => (await olderVersions(tx, api)).length > 0;

/** The living versions of the same kind and name with a lower version number. */
const olderVersions = async ({ em }: Pick<Tx, 'em'>, { organization, name, id, version, type }: ApiEntity): Promise<ApiEntity[]> => {
  const others = await em.find(ApiEntity, {
    where: { organization, name, id: Not(id), status: Not('RETIRED'), type: type === PRODUCT_TYPE ? type : Not(PRODUCT_TYPE) },
    select: { id: true, organization: true, version: true, status: true, type: true },
  });
  return others.filter((other) => compareVersions(other.version, version) < 0);
};

/** Holds all versions of an API. */
const lockVersions = async (tx: Tx, organization: string, apiId: string): Promise<void> => {
  if (!isUUID(apiId)) return;
  await holdTenantApis(tx, organization);
  await tx.em.query(
    'SELECT 1 FROM apis WHERE organization = $1 AND name = (SELECT name FROM apis WHERE organization = $1 AND id = $2) ORDER BY id FOR UPDATE',
    [organization, apiId],
  );
};
