import { Injectable } from '@nestjs/common';
import type { Application } from '../domain/application.js';
import { onConflict, type Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { SubscriptionRemovals } from '../subscriptions/subscription-removals.js';
import { ApplicationEntity } from './application.entity.js';
import type { SettledContent } from './application-checks.js';
import { ApplicationOutsiders } from './application-outsiders.js';
import { ApplicationExists } from './applications.problems.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';
import { Subscribers } from './subscribers.js';

/** Carries out what was decided about applications, at once or after an approval. The caller's transaction has them locked. */
@Injectable()
export class ApplicationWrites {
  constructor(
    private readonly subscribers: Subscribers,
    private readonly outsiders: ApplicationOutsiders,
    private readonly keys: ApplicationKeysService,
    private readonly subscriptions: SubscriptionRemovals,
    private readonly feed: Feed,
  ) {}

  /** Puts a new application into use. */
  async admit(tx: Tx, application: ApplicationEntity): Promise<void> {
    if (application.status !== 'APPROVED') await tx.em.save(Object.assign(application, { status: 'APPROVED' }));
    await this.subscribers.announce(tx, application);
  }

  /** Gives an application new content. @throws ApplicationExists (409), TierInvalid (400). */
  async apply(tx: Tx, application: ApplicationEntity, settled: SettledContent): Promise<ApplicationEntity> {
    if (settled.throttlingPolicy !== application.throttlingPolicy)
      await this.subscribers.holdPolicy(tx, application, settled.throttlingPolicy);
    const changed = Object.assign(application, settled, { status: 'APPROVED' as const });
    await tx.em.save(changed).catch(onConflict('applications_owner_name', () => ApplicationExists(settled.name)));
    await this.subscribers.announce(tx, changed);
    await this.outsiders.close(tx, changed);
    return changed;
  }

  /** Removes an application with its subscriptions, its keys and their OAuth clients; tokens of those clients stop working. */
  async remove(tx: Tx, { organization, id }: Application): Promise<void> {
    await this.subscriptions.removeByApplication(tx, organization, id);
    await this.keys.removeAll(tx, organization, id);
    await tx.em.delete(ApplicationEntity, { organization, id });
    await this.feed.remove(tx, organization, 'application', id);
  }
}
