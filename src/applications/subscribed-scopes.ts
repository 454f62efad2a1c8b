import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApiReads } from '../apis/api-reads.js';
import type { ApiScope } from '../domain/api.js';
import { isGranted, type Subscription } from '../domain/subscription.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';

/** The scopes of the APIs an application is subscribed to; subscriptions that wait for their approval, or were refused it, give none. */
@Injectable()
export class SubscribedScopes {
  constructor(
    private readonly subscriptions: SubscriptionReads,
    private readonly apis: ApiReads,
  ) {}

  /** By the scope's name. Within a transaction, give its entity manager. */
  async of(organization: string, applicationId: string, em?: EntityManager): Promise<ReadonlyMap<string, ApiScope>> {
    return this.in(organization, await this.subscriptions.byApplication(organization, applicationId, em), em);
  }

  /** Of the APIs that these subscriptions are to, by the scope's name. */
  async in(
    organization: string,
    subscriptions: readonly Pick<Subscription, 'apiId' | 'state'>[],
    em?: EntityManager,
  ): Promise<ReadonlyMap<string, ApiScope>> {
    const ids = subscriptions.filter(isGranted).map(({ apiId }) => apiId);
    const apis = await this.apis.byIds(organization, ids, em);
    return new Map(apis.flatMap(({ details }) => details.scopes).map((scope) => [scope.name, scope]));
  }
}
