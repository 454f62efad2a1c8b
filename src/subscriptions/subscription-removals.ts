import { Injectable } from '@nestjs/common';
import { ApiKeyRows } from '../api-keys/api-key-rows.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';
import { SubscriptionEntity } from './subscription.entity.js';

/** Takes away the subscriptions and API keys of what is being deleted, with their documents at the gateway, in the caller's transaction. */
@Injectable()
export class SubscriptionRemovals {
  constructor(
    private readonly feed: Feed,
    private readonly apiKeys: ApiKeyRows,
  ) {}

  async removeByApi(tx: Tx, organization: string, apiId: string): Promise<void> {
    await this.remove(tx, organization, { apiId });
    await this.apiKeys.removeByApi(tx, organization, apiId);
  }

  async removeByApplication(tx: Tx, organization: string, applicationId: string): Promise<void> {
    await this.remove(tx, organization, { applicationId });
    await this.apiKeys.removeByApplication(tx, organization, applicationId);
  }

  private async remove(tx: Tx, organization: string, of: { readonly apiId: string } | { readonly applicationId: string }): Promise<void> {
    const gone = await tx.em.find(SubscriptionEntity, { where: { organization, ...of }, select: { id: true } });
    await tx.em.delete(SubscriptionEntity, { organization, ...of });
    for (const { id } of gone) await this.feed.remove(tx, organization, 'subscription', id);
  }
}
