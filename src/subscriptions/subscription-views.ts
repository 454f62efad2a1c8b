import { Injectable } from '@nestjs/common';
import { ApiReads } from '../apis/api-reads.js';
import { CrossTenant } from '../apis/portal/cross-tenant.js';
import { ApplicationReads } from '../applications/application-reads.js';
import { found } from '../domain/problem.js';
import type { Subscription } from '../domain/subscription.js';
import { SubscriptionReads } from './subscription-reads.js';
import type { SubscriptionView } from './subscriptions.mapper.js';
import { SubscriptionNotFound } from './subscriptions.problems.js';

/** Completes subscriptions with their APIs and applications: three statements, whatever their number. */
@Injectable()
export class SubscriptionViews {
  constructor(
    private readonly apis: ApiReads,
    private readonly applications: ApplicationReads,
    private readonly subscriptions: SubscriptionReads,
    private readonly crossTenant: CrossTenant,
  ) {}

  /** In the same order; a subscription whose API is gone is left out. */
  async of(organization: string, subscriptions: readonly Subscription[]): Promise<readonly SubscriptionView[]> {
    const applicationIds = [...new Set(subscriptions.map(({ applicationId }) => applicationId))];
    const [apis, applications, counts] = await Promise.all([
      this.apis.byRefs(subscriptions),
      this.applications.byIds(organization, applicationIds),
      this.subscriptions.countByApplications(organization, applicationIds),
    ]);
    const apiById = new Map(apis.map((api) => [api.id, api]));
    return subscriptions.flatMap((subscription) => {
      const [api, application] = [apiById.get(subscription.apiId), applications.get(subscription.applicationId)];
      if (!api || !application) return [];
      const isOpen = this.crossTenant.isOpen(organization, api);
      return { subscription, api, isOpen, application, subscriptionCount: counts.get(application.id) ?? 0 };
    });
  }

  /** @throws SubscriptionNotFound (404) when the API is gone. */
  async one(subscription: Subscription): Promise<SubscriptionView> {
    const [view] = await this.of(subscription.organization, [subscription]);
    return found(view, SubscriptionNotFound, subscription.id);
  }
}
