import { Injectable } from '@nestjs/common';
import {
  type Application,
  type ApplicationVisibility,
  editObstacle,
  isTrimmed,
  missingAttributes,
  storedAttributes,
} from '../domain/application.js';
import { found } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { SubscriptionRemovals } from '../subscriptions/subscription-removals.js';
import { ThrottlingPoliciesService } from '../throttling/throttling-policies.service.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationReads } from './application-reads.js';
import { toApplicationDocument } from './applications.mapper.js';
import {
  ApplicationExists,
  ApplicationNameUntrimmed,
  ApplicationNotActive,
  ApplicationNotFound,
  ApplicationUpdatePending,
  AttributesMissing,
  TierInvalid,
} from './applications.problems.js';
import { ApplicationsQueries, type ApplicationsQuery } from './applications.queries.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';
import { Subscribers } from './subscribers.js';

/** What an owner decides about an application. */
export interface ApplicationContent {
  readonly name: string;
  readonly throttlingPolicy: string;
  readonly description: string;
  readonly visibility: ApplicationVisibility;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The applications of the developer portal's users. */
@Injectable()
export class ApplicationsService {
  constructor(
    private readonly reads: ApplicationReads,
    private readonly queries: ApplicationsQueries,
    private readonly transactions: Transactions,
    private readonly subscribers: Subscribers,
    private readonly policies: ThrottlingPoliciesService,
    private readonly keys: ApplicationKeysService,
    private readonly subscriptions: SubscriptionRemovals,
    private readonly feed: Feed,
    private readonly config: ApimConfig,
  ) {}

  /** A page of the caller's own applications. */
  async list(caller: User, query: ApplicationsQuery): Promise<{ readonly items: readonly Application[]; readonly total: number }> {
    await this.subscribers.welcome(caller);
    return this.queries.owned(caller.organization, caller.name, query);
  }

  /** @throws 404 when there is none in the caller's tenant, 403 when it is somebody else's. */
  get(caller: User, id: string): Promise<Application> {
    return this.reads.get(caller, id);
  }

  /** @throws ApplicationExists (409), TierInvalid, AttributesMissing, ApplicationNameUntrimmed (400). */
  async create(caller: User, content: ApplicationContent): Promise<Application> {
    const { organization, name: owner } = caller;
    const attributes = await this.checked(organization, content);
    await this.subscribers.welcome(caller);
    return this.transactions.run((tx) =>
      this.subscribers
        .add(tx, { ...content, attributes, organization, owner })
        .catch(onConflict('applications_owner_name', () => ApplicationExists(content.name))),
    );
  }

  /**
   * Replaces what the owner decides; `expects` is called with the current state and may refuse.
   * @throws as {@link create}, and 400 or 409 for an application that is not in use or waits for an approval.
   */
  async update(caller: User, id: string, content: ApplicationContent, expects: (current: Application) => void): Promise<Application> {
    await this.reads.get(caller, id);
    const attributes = await this.checked(caller.organization, content);
    return this.transactions.run(async (tx) => {
      const current = await this.locked(tx, caller.organization, id);
      expects(current);
      const obstacle = editObstacle(current);
      if (obstacle) throw obstacle === 'update pending' ? ApplicationUpdatePending(current.name) : ApplicationNotActive();
      if (content.throttlingPolicy !== current.throttlingPolicy) await this.subscribers.holdPolicy(tx, current, content.throttlingPolicy);
      const changed = Object.assign(current, { ...content, attributes });
      await tx.em.save(changed).catch(onConflict('applications_owner_name', () => ApplicationExists(content.name)));
      await this.feed.put(tx, caller.organization, 'application', id, toApplicationDocument(changed));
      return changed;
    });
  }

  /** Removes the application with its subscriptions, its keys and their OAuth clients; tokens of those clients stop working. */
  async remove(caller: User, id: string, expects: (current: Application) => void): Promise<void> {
    await this.reads.get(caller, id);
    const { organization } = caller;
    await this.transactions.run(async (tx) => {
      expects(await this.locked(tx, organization, id));
      await this.subscriptions.removeByApplication(tx, organization, id);
      await this.keys.removeAll(tx, organization, id);
      await tx.em.delete(ApplicationEntity, { organization, id });
      await this.feed.remove(tx, organization, 'application', id);
    });
  }

  private async locked(tx: Tx, organization: string, id: string): Promise<ApplicationEntity> {
    const row = await tx.em.findOne(ApplicationEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
    return found(row, ApplicationNotFound, id);
  }

  /** Checks what the contract cannot and returns the attributes to store. */
  private async checked(organization: string, content: ApplicationContent): Promise<Record<string, string>> {
    if (!isTrimmed(content.name)) throw ApplicationNameUntrimmed();
    if (!(await this.policies.find(organization, 'application', content.throttlingPolicy))) throw TierInvalid();
    const declared = this.config.devportal.applicationAttributes;
    const attributes = storedAttributes(content.attributes, declared);
    const missing = missingAttributes(attributes, declared);
    if (missing.length > 0) throw AttributesMissing(missing.join(', '));
    return attributes;
  }
}
