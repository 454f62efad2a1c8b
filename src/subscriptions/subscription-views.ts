import { Injectable } from '@nestjs/common';
import { ApiReads } from '../apis/api-reads.js';
import { CrossTenant } from '../apis/portal/cross-tenant.js';
import { RatingReads } from '../apis/ratings/rating-reads.js';
import { ApplicationReads } from '../applications/application-reads.js';
import { found } from '../domain/problem.js';
import type { Subscription } from '../domain/subscription.js';
import { SubscriptionReads } from './subscription-reads.js';
import type { SubscriptionView } from './subscriptions.mapper.js';
import { SubscriptionNotFound } from './subscriptions.problems.js';

/** Completes subscriptions with their APIs, how these are rated, and applications: four statements, whatever their number. */
@Injectable()
export class SubscriptionViews {
  constructor(
    private readonly apis: ApiReads,
    private readonly applications: ApplicationReads,
    private readonly subscriptions: SubscriptionReads,
    private readonly ratings: RatingReads,
    private readonly crossTenant: CrossTenant,
  ) {}

  /** In the same order; a subscription whose API is gone is left out. */
  async of(organization: string, subscriptions: readonly Subscription[]): Promise<readonly SubscriptionView[]> {
    const applicationIds = [...new Set(subscriptions.map(({ applicationId }) => applicationId))];
    const apiRefs = subscriptions.map(({ apiId: id, apiOrganization }) => ({ id, organization: apiOrganization }));
    const [apis, applications, counts, averages] = await Promise.all([
      this.apis.byRefs(subscriptions),
      this.applications.byIds(organization, applicationIds),
      this.subscriptions.countByApplications(organization, applicationIds),
      this.ratings.averages(apiRefs),
    ]);
    const apiById = new Map(apis.map((api) => [api.id, api]));
    return subscriptions.flatMap((subscription) => {
      const [api, application] = [apiById.get(subscription.apiId), applications.get(subscription.applicationId)];
      if (!api || !application) return [];
      return {
        subscription,
        api: { ...api, rating: averages.get(api.id) ?? 0 },
        isOpen: this.crossTenant.isOpen(organization, api),
        application,
        subscriptionCount: counts.get(application.id) ?? 0,
      };
    });
  }

  /** @throws SubscriptionNotFound (404) when the API is gone. */
  async one(subscription: Subscription): Promise<SubscriptionView> {
    const [view] = await this.of(subscription.organization, [subscription]);
    return found(view, SubscriptionNotFound, subscription.id);
  }
}
