import { Injectable } from '@nestjs/common';
import { ApiKeyRows } from '../api-keys/api-key-rows.js';
import type { Subscription } from '../domain/subscription.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { WebhookSubscriptions } from '../webhooks/webhook-subscriptions.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** Takes away the subscriptions, webhooks and API keys of what is being deleted, with their documents at the gateway, in the caller's transaction. */
@Injectable()
export class SubscriptionRemovals {
  constructor(
    private readonly feed: Feed,
    private readonly apiKeys: ApiKeyRows,
    private readonly webhooks: WebhookSubscriptions,
  ) {}

  async removeByApi(tx: Tx, organization: string, apiId: string): Promise<void> {
    await this.remove(tx, { apiOrganization: organization, apiId });
    await this.apiKeys.removeByApi(tx, organization, apiId);
    await this.webhooks.removeWith(tx, organization, apiId);
  }

  async removeByApplication(tx: Tx, organization: string, applicationId: string): Promise<void> {
    await this.remove(tx, { organization, applicationId });
    await this.apiKeys.removeByApplication(tx, organization, applicationId);
  }

  private async remove(
    tx: Tx,
    of: Pick<Subscription, 'apiOrganization' | 'apiId'> | Pick<Subscription, 'organization' | 'applicationId'>,
  ): Promise<void> {
    const gone = await tx.em.find(SubscriptionEntity, { where: of, select: { id: true, organization: true } });
    await tx.em.delete(SubscriptionEntity, of);
    this.feed.removeAll(
      tx,
      'subscription',
      gone.map(({ id, organization }) => ({ organization, key: id })),
    );
  }
}
