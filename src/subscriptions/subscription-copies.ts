import { Injectable } from '@nestjs/common';
import type { Subscription } from '../domain/subscription.js';
import type { Tx } from '../platform/database/transactions.js';
import { Feed } from '../platform/feed/feed.js';

/** Carries subscriptions over to a new version of an API, with their documents at the gateway, in the caller's transaction. */
@Injectable()
export class SubscriptionCopies {
  constructor(private readonly feed: Feed) {}

  /**
   * Subscribes the applications of the older versions, the first named before the others, to the new one under the plan they had, as far as it
   * offers that plan and they are not subscribed to it. What waits for a decision or was rejected is not carried over.
   */
  async copy(
    tx: Tx,
    organization: string,
    from: readonly string[],
    to: { readonly id: string; readonly policies: readonly string[] },
  ): Promise<void> {
    if (from.length === 0) return;
    const copies: readonly Pick<Subscription, 'id' | 'organization' | 'applicationId' | 'policy' | 'state'>[] = await tx.em.query(
      `INSERT INTO subscriptions (id, organization, api_organization, api_id, application_id, policy, requested_policy, state)
       SELECT gen_random_uuid(), organization, api_organization, $3, application_id, policy, policy, state FROM (
         SELECT DISTINCT ON (application_id) * FROM subscriptions
         WHERE api_organization = $1 AND api_id = ANY ($2::uuid[]) AND policy = ANY ($4::text[]) AND state IN ('UNBLOCKED', 'BLOCKED', 'PROD_ONLY_BLOCKED')
         ORDER BY application_id, array_position($2::uuid[], api_id)) AS old
       ON CONFLICT ON CONSTRAINT subscriptions_pair DO NOTHING RETURNING id, organization, application_id AS "applicationId", policy, state`,
      [organization, from, to.id, to.policies],
    );
    for (const { id, organization: subscriber, applicationId, policy, state } of copies) {
      await this.feed.put(tx, subscriber, 'subscription', id, { subscriptionId: id, apiId: to.id, applicationId, policy, state });
    }
  }
}
