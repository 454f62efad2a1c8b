import type { PortalApi } from '../apis/portal/portal-api.js';
import { toDevportalApiInfo } from '../apis/portal/portal-apis.mapper.js';
import { toApplicationInfoDto } from '../applications/applications.mapper.js';
import type { Api } from '../domain/api.js';
import type { Application } from '../domain/application.js';
import type { Subscription } from '../domain/subscription.js';
import type { AdditionalSubscriptionInfoDto, DevportalSubscriptionDto } from './subscriptions.dto.js';

/** A subscription with its two ends. */
export interface SubscriptionView {
  readonly subscription: Subscription;
  readonly api: Api & Pick<PortalApi, 'rating'>;
  /** Whether people of the application's tenant may subscribe to it. */
  readonly isOpen: boolean;
  readonly application: Application;
  /** How many subscriptions the application has. */
  readonly subscriptionCount: number;
}

/** `redirection` is where the subscriber is sent who has just asked for something that an outside system decides. */
export const toSubscriptionDto = (
  { subscription, api, isOpen, application, subscriptionCount }: SubscriptionView,
  redirection?: string,
): DevportalSubscriptionDto => ({
  subscriptionId: subscription.id,
  applicationId: subscription.applicationId,
  apiId: subscription.apiId,
  apiInfo: toDevportalApiInfo(api, isOpen),
  applicationInfo: toApplicationInfoDto(application, subscriptionCount),
  throttlingPolicy: subscription.policy,
  requestedThrottlingPolicy: subscription.requestedPolicy,
  status: subscription.state,
  redirectionParams: redirection ?? null,
});

export const toAdditionalInfoDto = ({ subscription, api, application }: SubscriptionView): AdditionalSubscriptionInfoDto => ({
  subscriptionId: subscription.id,
  applicationId: application.id,
  applicationName: application.name,
  apiId: api.id,
  isSolaceAPI: api.details.gatewayVendor === SOLACE,
  solaceOrganization: '',
  solaceDeployedEnvironments: [],
});

const SOLACE = 'solace';
