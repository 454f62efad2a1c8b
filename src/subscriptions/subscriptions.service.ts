import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { CrossTenant } from '../apis/portal/cross-tenant.js';
import { PortalApisService } from '../apis/portal/portal-apis.service.js';
import { ApplicationReads } from '../applications/application-reads.js';
import { ApplicationSharing } from '../applications/application-sharing.js';
import { limitedTo } from '../applications/applications.queries.js';
import { Subscribers } from '../applications/subscribers.js';
import type { Api } from '../domain/api.js';
import { type Application, isActive } from '../domain/application.js';
import { shownName, type UserName } from '../domain/organization.js';
import { found } from '../domain/problem.js';
import {
  isBlocked,
  isGranted,
  mayChangePlan,
  type Subscription,
  type SubscriptionObstacle,
  subscriptionObstacle,
} from '../domain/subscription.js';
import { isSubscriptionless } from '../domain/subscriptionless.js';
import type { User } from '../domain/user.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { INTERNAL_PLANS, mayUse, type ThrottlingPolicy } from '../throttling/throttling-policy.js';
import type { WorkflowEntity } from '../workflows/workflow.entity.js';
import { SubscriptionEntity } from './subscription.entity.js';
import { SubscriptionApprovals } from './subscription-approvals.js';
import {
  ApiNotFound,
  ApplicationNotApproved,
  NothingPending,
  NotYourSubscription,
  OtherSubscription,
  PlanChangePending,
  PlanChangeRefused,
  PlanInternal,
  PlanNotAllowed,
  RemovalPending,
  SchemeNotSubscribable,
  StateNotSubscribable,
  SubscriptionBlocked,
  SubscriptionExists,
  SubscriptionNeeded,
  SubscriptionNotFound,
  TenantNotSubscribable,
} from './subscriptions.problems.js';
import { toSubscriptionDocument } from './subscriptions.publisher.mapper.js';
import { type SubscriptionFilter, SubscriptionsQueries } from './subscriptions.queries.js';

export interface SubscriptionRequest {
  readonly applicationId: string;
  readonly apiId: string;
  /** The tenant whose API is meant. */
  readonly apiOrganization: string;
  readonly policy: string;
}

/** What a change names besides the plan has to be what the subscription is about. */
export type PlanChange = Partial<Pick<SubscriptionRequest, 'applicationId' | 'apiId'>> & Pick<SubscriptionRequest, 'policy'>;

/** Subscriptions as the developer portal's users make and change them. */
@Injectable()
export class SubscriptionsService {
  constructor(
    @InjectRepository(SubscriptionEntity) private readonly subscriptions: Repository<SubscriptionEntity>,
    private readonly queries: SubscriptionsQueries,
    private readonly applications: ApplicationReads,
    private readonly sharing: ApplicationSharing,
    private readonly subscribers: Subscribers,
    private readonly apis: PortalApisService,
    private readonly crossTenant: CrossTenant,
    private readonly policies: ThrottlingPoliciesService,
    private readonly approvals: SubscriptionApprovals,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** A page of the subscriptions of applications the caller may use, of those that others share those of a group alone if one is given. */
  async list(
    caller: User,
    filter: SubscriptionFilter,
    groupId: string,
    window: { readonly limit: number; readonly offset: number },
  ): Promise<{ readonly items: readonly Subscription[]; readonly total: number }> {
    if ('applicationId' in filter) await this.applications.get(caller, filter.applicationId);
    else await this.apis.readable({ organization: filter.apiOrganization, caller }, filter.apiId);
    await this.subscribers.welcome(caller);
    return this.queries.usable(caller, limitedTo(groupId, await this.sharing.standingOf(caller)), filter, window);
  }

  /** @throws SubscriptionNotFound (404), NotYourSubscription (403). */
  async get(caller: User, id: string): Promise<Subscription> {
    const { organization } = caller;
    const subscription = found(isUUID(id) ? await this.subscriptions.findOneBy({ organization, id }) : null, SubscriptionNotFound, id);
    const applications = await this.applications.byIds(organization, [subscription.applicationId]);
    // Gone since, and the subscription with it.
    const application = found(applications.get(subscription.applicationId), SubscriptionNotFound, id);
    if (!(await this.applications.isUsable(caller, application))) throw NotYourSubscription(id);
    return subscription;
  }

  /** Subscribes one of the caller's applications to an API. @throws what {@link subscriptionObstacle} and the plan's roles forbid. */
  async create(caller: User, request: SubscriptionRequest): Promise<Subscription> {
    await this.applications.get(caller, request.applicationId);
    const plan = await this.policies.find(request.apiOrganization, 'subscription', request.policy);
    return this.transactions.run(async (tx) =>
      this.subscribe(tx, caller, await this.applications.hold(tx, caller, request.applicationId), request, plan),
    );
  }

  /** As {@link create}, for an application that the transaction holds; nothing is written before everything is checked. */
  async subscribe(
    tx: Tx,
    caller: User,
    application: Application,
    { apiId, apiOrganization, policy }: Pick<SubscriptionRequest, 'apiId' | 'apiOrganization' | 'policy'>,
    plan: ThrottlingPolicy | undefined,
  ): Promise<Subscription> {
    const api = await this.apis.hold(tx, { organization: apiOrganization, caller }, apiId);
    if (!isActive(application)) throw ApplicationNotApproved();
    this.check(caller, api, policy, plan);
    return this.add(tx, application, api, policy, shownName(caller));
  }

  /**
   * Subscribes an application of a tenant to an API that needs no subscription, under the hidden plan that it has instead, because a gateway met a call of the
   * application. Whom the developer portal shows the API does not matter: whoever has a token may call it. @throws SubscriptionNeeded (403), as {@link create}.
   */
  createUnneeded(
    organization: string,
    { applicationId, apiId, apiOrganization }: Omit<SubscriptionRequest, 'policy'>,
  ): Promise<Subscription> {
    return this.transactions.run(async (tx) => {
      const application = await this.applications.holdAny(tx, organization, applicationId);
      const api = found(await this.approvals.holdApi(tx, apiOrganization, apiId), ApiNotFound, apiId);
      if (!isActive(application)) throw ApplicationNotApproved();
      const [policy] = api.policies;
      if (policy === undefined || !isSubscriptionless(api.policies)) throw SubscriptionNeeded(api.name);
      const { status, policies, details } = api;
      const isOpen = this.crossTenant.isOpen(organization, api);
      const obstacle = subscriptionObstacle({ status, policies, securityScheme: details.securityScheme, isOpen }, policy);
      const owner = { name: application.owner, organization };
      if (obstacle) throw refusal(obstacle, owner, api, policy);
      return this.add(tx, application, api, policy, shownName(owner));
    });
  }

  /** Writes a subscription that nothing speaks against, or asks for it where that needs an approval. @throws SubscriptionBlocked (403), SubscriptionExists (409). */
  private async add(
    tx: Tx,
    application: Application,
    api: Pick<Api, 'id' | 'name' | 'version' | 'context' | 'organization'>,
    policy: string,
    subscriber: string,
  ): Promise<Subscription> {
    const { organization, id: applicationId } = application;
    const { organization: apiOrganization, id: apiId } = api;
    const existing = await tx.em.findOneBy(SubscriptionEntity, { organization, applicationId, apiId });
    if (existing && isBlocked(existing)) throw SubscriptionBlocked(apiId, applicationId);
    const subscription = tx.em.create(SubscriptionEntity, {
      ...{ id: randomUUID(), organization, apiOrganization, apiId, applicationId },
      ...{ policy, requestedPolicy: policy, state: 'UNBLOCKED' },
    });
    const exists = onConflict('subscriptions_pair', () => SubscriptionExists(apiId, applicationId));
    await tx.em.insert(SubscriptionEntity, subscription).catch(exists);
    const inQuestion = { subscription, api, application, subscriber };
    if ((await this.approvals.ask(tx, 'SUBSCRIPTION_CREATION', inQuestion, policy)) === 'pending') {
      await tx.em.save(Object.assign(subscription, { state: 'ON_HOLD' }));
    }
    await this.announce(tx, subscription);
    return subscription;
  }

  /**
   * Changes the business plan, or asks for it where that needs an approval.
   * @throws PlanChangePending (409), OtherSubscription, PlanChangeRefused (400) and, for the new plan, as {@link create}.
   */
  async changePlan(caller: User, id: string, request: PlanChange): Promise<Subscription> {
    const before = await this.get(caller, id);
    if (request.applicationId !== undefined && request.applicationId !== before.applicationId) throw OtherSubscription('application');
    if (request.apiId !== undefined && request.apiId !== before.apiId) throw OtherSubscription('API');
    const plan = await this.policies.find(before.apiOrganization, 'subscription', request.policy);
    return this.transactions.run(async (tx) =>
      this.move(tx, caller, await this.applications.hold(tx, caller, before.applicationId), before, request.policy, plan),
    );
  }

  /** As {@link changePlan}, for an application that the transaction holds. */
  async move(
    tx: Tx,
    caller: User,
    application: Application,
    { id, apiId, apiOrganization }: Pick<Subscription, 'id' | 'apiId' | 'apiOrganization'>,
    policy: string,
    plan: ThrottlingPolicy | undefined,
  ): Promise<Subscription> {
    const api = await this.apis.hold(tx, { organization: apiOrganization, caller }, apiId);
    const subscription = await this.locked(tx, caller, id);
    if (subscription.state === 'TIER_UPDATE_PENDING') throw PlanChangePending(id, subscription.state);
    if (!mayChangePlan(subscription)) throw PlanChangeRefused(subscription.state);
    if (policy === subscription.policy) return subscription;
    this.check(caller, api, policy, plan);
    const inQuestion = { subscription, api, application, subscriber: shownName(caller) };
    if ((await this.approvals.ask(tx, 'SUBSCRIPTION_UPDATE', inQuestion, policy)) === 'pending') {
      // The gateway keeps what it knows: the plan in force stays.
      return tx.em.save(Object.assign(subscription, { state: 'TIER_UPDATE_PENDING' as const, requestedPolicy: policy }));
    }
    const changed = Object.assign(subscription, { policy, requestedPolicy: policy });
    await tx.em.save(changed);
    await this.announce(tx, changed);
    return changed;
  }

  /**
   * Unsubscribes, or asks for it where that needs an approval: `pending` leaves the subscription in use. What was never granted goes at once.
   * `expects` is called with the current state and may refuse. @throws RemovalPending (400).
   */
  async remove(caller: User, id: string, expects: (current: Subscription) => void): Promise<'now' | 'pending'> {
    const { applicationId, apiOrganization, apiId } = await this.get(caller, id);
    return this.transactions.run(async (tx) => {
      const application = await this.applications.hold(tx, caller, applicationId);
      const api = await this.approvals.holdApi(tx, apiOrganization, apiId);
      const subscription = await this.locked(tx, caller, id);
      expects(subscription);
      if (subscription.state === 'DELETE_PENDING') throw RemovalPending(id);
      await this.approvals.withdraw(tx, subscription);
      const inQuestion = api && { subscription, api, application, subscriber: shownName(caller) };
      if (inQuestion && isGranted(subscription)) {
        const answer = await this.approvals.ask(tx, 'SUBSCRIPTION_DELETION', inQuestion, subscription.policy);
        if (answer === 'pending') {
          await tx.em.save(Object.assign(subscription, { state: 'DELETE_PENDING' }));
          return answer;
        }
      }
      await this.approvals.remove(tx, subscription);
      return 'now';
    });
  }

  /** What is asked about the subscription and not decided yet. @throws NothingPending (404), and 404 and 403 as {@link get}. */
  async pendingChange(caller: User, id: string): Promise<WorkflowEntity> {
    return found(await this.approvals.pending(await this.get(caller, id)), NothingPending);
  }

  /** Takes back a change of plan or an end that waits, as whoever may unsubscribe. @throws NothingPending (404), and 404 and 403 as {@link get}. */
  async withdraw(caller: User, id: string): Promise<void> {
    const { applicationId, apiOrganization, apiId } = await this.get(caller, id);
    return this.transactions.run(async (tx) => {
      await this.applications.hold(tx, caller, applicationId);
      await this.approvals.holdApi(tx, apiOrganization, apiId);
      if (!(await this.approvals.withdraw(tx, await this.locked(tx, caller, id)))) throw NothingPending();
    });
  }

  /** Where an outside system sends the subscriber who has just asked, as JSON of the wire; undefined for nowhere. */
  redirection(subscription: Pick<Subscription, 'id' | 'state'>): Promise<string | undefined> {
    return this.approvals.redirection(subscription);
  }

  private async locked(tx: Tx, { organization }: User, id: string): Promise<SubscriptionEntity> {
    const row = await tx.em.findOne(SubscriptionEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
    return found(row, SubscriptionNotFound, id);
  }

  private announce(tx: Tx, subscription: Subscription): Promise<void> {
    return this.feed.put(tx, subscription.organization, 'subscription', subscription.id, toSubscriptionDocument(subscription));
  }

  /** @throws PlanInternal (400), and 403 for an API or a plan that is not open to the caller. */
  private check(caller: User, api: Api, name: string, plan: ThrottlingPolicy | undefined): void {
    if (INTERNAL_PLANS.has(name)) throw PlanInternal(name);
    const { status, policies, details } = api;
    const isOpen = this.crossTenant.isOpen(caller.organization, api);
    const obstacle = subscriptionObstacle({ status, policies, securityScheme: details.securityScheme, isOpen }, name);
    if (obstacle) throw refusal(obstacle, caller, api, name);
    if (!plan || !mayUse(plan, caller)) throw PlanNotAllowed(name, shownName(caller));
  }
}

const refusal = (obstacle: SubscriptionObstacle, caller: UserName, api: Pick<Api, 'name' | 'status'>, plan: string) => {
  if (obstacle === 'state') return StateNotSubscribable(api.status);
  if (obstacle === 'tenant') return TenantNotSubscribable(caller.organization);
  return obstacle === 'security scheme' ? SchemeNotSubscribable(api.name) : PlanNotAllowed(plan, shownName(caller));
};
