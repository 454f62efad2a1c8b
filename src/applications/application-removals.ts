import { Injectable } from '@nestjs/common';
import type { Application } from '../domain/application.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { SubscriptionRemovals } from '../subscriptions/subscription-removals.js';
import { ApplicationEntity } from './application.entity.js';
import { ApplicationKeysService } from './keys/application-keys.service.js';

/** Takes an application away with everything that hangs on it, for its owner and for administrators alike. */
@Injectable()
export class ApplicationRemovals {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly subscriptions: SubscriptionRemovals,
    private readonly feed: Feed,
  ) {}

  /** Removes an application that the caller has locked, with its subscriptions, its keys and their OAuth clients; tokens of those clients stop working. */
  async remove(tx: Tx, { organization, id }: Pick<Application, 'organization' | 'id'>): Promise<void> {
    await this.subscriptions.removeByApplication(tx, organization, id);
    await this.keys.removeAll(tx, organization, id);
    await tx.em.delete(ApplicationEntity, { organization, id });
    await this.feed.remove(tx, organization, 'application', id);
  }
}
