import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { ApisForChange } from '../apis/apis-for-change.js';
import { ApplicationReads } from '../applications/application-reads.js';
import { type Api, anyRef } from '../domain/api.js';
import type { Application } from '../domain/application.js';
import { found } from '../domain/problem.js';
import { isDecided, type Subscription } from '../domain/subscription.js';
import type { User } from '../domain/user.js';
import { RolesService } from '../identity/roles/roles.service.js';
import type { Claims } from '../identity/users/user.entity.js';
import { UsersService } from '../identity/users/users.service.js';
import { Transactions } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { INTERNAL_PLANS, mayUse, type ThrottlingPolicy } from '../throttling/throttling-policy.js';
import { type PublisherSubscriptionQuery, PublisherSubscriptionsQueries } from './publisher-subscriptions.queries.js';
import { SubscriptionEntity } from './subscription.entity.js';
import { BlockRefused, PlanChangePending, PlanDenied, PlanInternal, SubscriptionNotFound } from './subscriptions.problems.js';
import { type HeldSubscription, toSubscriptionDocument } from './subscriptions.publisher.mapper.js';

/** What a publisher may do to whether a subscription is served. */
export type BlockState = 'UNBLOCKED' | 'BLOCKED' | 'PROD_ONLY_BLOCKED';

interface Found {
  readonly subscription: Subscription;
  readonly application: Application;
}

/** Refuses, on seeing the current state, a change that was meant for another one. */
type Expectation = (current: HeldSubscription) => void;

/** Subscriptions as the publishers of the APIs see and govern them; the access roles of the API apply. */
@Injectable()
export class PublisherSubscriptionsService {
  constructor(
    @InjectRepository(SubscriptionEntity) private readonly subscriptions: Repository<SubscriptionEntity>,
    private readonly queries: PublisherSubscriptionsQueries,
    private readonly apis: ApisForChange,
    private readonly applications: ApplicationReads,
    private readonly policies: ThrottlingPoliciesService,
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** The subscriptions of one API, or of all the caller provides. @throws ApiNotFound (404), Forbidden. */
  async list(
    caller: User,
    query: PublisherSubscriptionQuery,
  ): Promise<{ readonly items: readonly HeldSubscription[]; readonly total: number }> {
    if (query.apiId !== undefined) await this.apis.read(caller, anyRef(query.apiId));
    return this.queries.list(caller, query);
  }

  /** The subscriber: whoever owns the application; without claims once the user is gone. @throws SubscriptionNotFound (404), Forbidden. */
  async subscriber(caller: User, id: string): Promise<{ readonly application: Application; readonly claims: Claims }> {
    const { application } = await this.find(caller, id);
    const user = await this.users.byName(application.organization, application.owner);
    return { application, claims: user?.claims ?? {} };
  }

  /** Lets the gateway refuse the subscription's calls, all or those with production keys, or serve them again. @throws BlockRefused (400), as {@link subscriber}. */
  async setBlocked(caller: User, id: string, state: BlockState, expects: Expectation): Promise<HeldSubscription> {
    return this.change(caller, await this.find(caller, id), expects, ({ subscription }) => {
      if (!isDecided(subscription)) throw BlockRefused(subscription.state);
      return { state };
    });
  }

  /**
   * Moves the subscription to another plan, at once and without approval; a blocked one stays blocked.
   * @throws PlanChangePending (409), PlanInternal (400), PlanDenied (403), as {@link subscriber}.
   */
  async changePlan(caller: User, id: string, policy: string, expects: Expectation): Promise<HeldSubscription> {
    const known = await this.find(caller, id);
    const plan = await this.policies.find(caller.organization, 'subscription', policy);
    const isOpen = plan !== undefined && (await this.isOpenTo(known.application, plan));
    return this.change(caller, known, expects, ({ subscription, api }) => {
      if (!isDecided(subscription)) throw PlanChangePending(id, subscription.state);
      if (!plan || INTERNAL_PLANS.has(policy) || !api.policies.includes(policy)) throw PlanInternal(policy);
      if (!isOpen) throw PlanDenied(id);
      return { policy, requestedPolicy: policy };
    });
  }

  /** The three are locked in the order everybody keeps: application, API, subscription. */
  private change(
    caller: User,
    { subscription: { id, apiId, applicationId, organization: subscriber } }: Found,
    expects: Expectation,
    decide: (held: {
      readonly subscription: Subscription;
      readonly api: Api;
    }) => Partial<Pick<Subscription, 'state' | 'policy' | 'requestedPolicy'>>,
  ): Promise<HeldSubscription> {
    const { organization } = caller;
    return this.transactions.run(async (tx) => {
      const application = await this.applications.holdAny(tx, subscriber, applicationId);
      const api = await this.apis.hold(tx, caller, anyRef(apiId));
      const row = await tx.em.findOne(SubscriptionEntity, {
        where: { apiOrganization: organization, id },
        lock: { mode: 'pessimistic_write' },
      });
      const subscription = found(row, SubscriptionNotFound, id);
      const isOwn = subscriber === organization;
      const subscriptionCount = await tx.em.countBy(SubscriptionEntity, {
        ...{ organization: subscriber, applicationId },
        ...(isOwn ? {} : { apiOrganization: organization }),
      });
      expects({ subscription, application, subscriptionCount });
      const changed = await tx.em.save(Object.assign(subscription, decide({ subscription, api })));
      await this.feed.put(tx, subscriber, 'subscription', id, toSubscriptionDocument(changed));
      return { subscription: changed, application, subscriptionCount };
    });
  }

  /** @throws SubscriptionNotFound (404), Forbidden for a caller whom the access roles of its API keep out. */
  private async find(caller: User, id: string): Promise<Found> {
    const { organization } = caller;
    const row = isUUID(id) ? await this.subscriptions.findOneBy({ apiOrganization: organization, id }) : null;
    const subscription = found(row, SubscriptionNotFound, id);
    await this.apis.read(caller, anyRef(subscription.apiId));
    const applications = await this.applications.byIds(subscription.organization, [subscription.applicationId]);
    return { subscription, application: found(applications.get(subscription.applicationId), SubscriptionNotFound, id) };
  }

  /** A subscriber who is gone holds no role but everybody's. */
  private async isOpenTo({ organization, owner }: Application, plan: ThrottlingPolicy): Promise<boolean> {
    const user = await this.users.byName(organization, owner);
    return mayUse(plan, { organization, roles: user ? await this.roles.namesOf(organization, user.id) : [] });
  }
}
