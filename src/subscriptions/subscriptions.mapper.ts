import { isOpenTo, type ListedPortalApi } from '../apis/portal/portal-api.js';
import { toDevportalApiInfo } from '../apis/portal/portal-apis.mapper.js';
import { toApplicationInfoDto } from '../applications/applications.mapper.js';
import type { Application } from '../domain/application.js';
import type { Subscription } from '../domain/subscription.js';
import type { DevportalSubscriptionDto } from './subscriptions.dto.js';

/** A subscription with its two ends. */
export interface SubscriptionView {
  readonly subscription: Subscription;
  readonly api: ListedPortalApi;
  readonly application: Application;
  /** How many subscriptions the application has. */
  readonly subscriptionCount: number;
}

export const toSubscriptionDto = ({ subscription, api, application, subscriptionCount }: SubscriptionView): DevportalSubscriptionDto => ({
  subscriptionId: subscription.id,
  applicationId: subscription.applicationId,
  apiId: subscription.apiId,
  apiInfo: toDevportalApiInfo(api, isOpenTo(subscription.organization, api)),
  applicationInfo: toApplicationInfoDto(application, subscriptionCount),
  throttlingPolicy: subscription.policy,
  requestedThrottlingPolicy: subscription.requestedPolicy,
  status: subscription.state,
  redirectionParams: null,
});
