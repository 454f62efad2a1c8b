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

  /** Of the APIs of one tenant, by the scope's name: a scope of that name in another tenant is another one. Within a transaction, give its entity manager. */
  async of(organization: string, applicationId: string, tenant: string, em?: EntityManager): Promise<ReadonlyMap<string, ApiScope>> {
    const subscriptions = await this.subscriptions.byApplication(organization, applicationId, em);
    return this.in(
      subscriptions.filter(({ apiOrganization }) => apiOrganization === tenant),
      em,
    );
  }

  /** Of the APIs that these subscriptions are to, by the scope's name. */
  async in(
    subscriptions: readonly Pick<Subscription, 'apiOrganization' | 'apiId' | 'state'>[],
    em?: EntityManager,
  ): Promise<ReadonlyMap<string, ApiScope>> {
    const apis = await this.apis.byRefs(subscriptions.filter(isGranted), em);
    return new Map(apis.flatMap(({ details }) => details.scopes).map((scope) => [scope.name, scope]));
  }
}
