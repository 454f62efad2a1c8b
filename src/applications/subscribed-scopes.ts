import { Injectable } from '@nestjs/common';
import { ApiReads } from '../apis/api-reads.js';
import type { ApiScope } from '../domain/api.js';
import type { Subscription } from '../domain/subscription.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';

/** The scopes of the APIs an application is subscribed to. */
@Injectable()
export class SubscribedScopes {
  constructor(
    private readonly subscriptions: SubscriptionReads,
    private readonly apis: ApiReads,
  ) {}

  /** By the scope's name. */
  async of(organization: string, applicationId: string): Promise<ReadonlyMap<string, ApiScope>> {
    return this.in(await this.subscriptions.byApplication(organization, applicationId));
  }

  /** Of the APIs that these subscriptions are to, by the scope's name. */
  async in(subscriptions: readonly Pick<Subscription, 'apiOrganization' | 'apiId'>[]): Promise<ReadonlyMap<string, ApiScope>> {
    const apis = await this.apis.byRefs(subscriptions);
    return new Map(apis.flatMap(({ details }) => details.scopes).map((scope) => [scope.name, scope]));
  }
}
