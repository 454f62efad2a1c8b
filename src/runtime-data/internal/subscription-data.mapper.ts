import type { AttachedPolicy } from '../../domain/api.js';
import { shownName, tenantContext } from '../../domain/organization.js';
import { isSubscriptionless } from '../../domain/subscriptionless.js';
import { shownType, textsOf } from '../gateway-rest/runtime.mapper.js';
import type { ApiRow, ApplicationRow, SubscriptionRow } from '../runtime-rows.js';
import { toURLMapping, type URLMappingBody } from '../url-mappings.js';

export interface APIBody {
  readonly uuid: string;
  readonly apiId: number;
  readonly provider: string;
  readonly name: string;
  readonly version: string;
  readonly context: string;
  readonly contextTemplate: string;
  readonly policy?: string;
  readonly apiType: string;
  readonly status: string;
  readonly organization: string;
  readonly isDefaultVersion: boolean;
  readonly apiPolicies?: readonly OperationPolicyBody[];
  readonly urlMappings?: readonly URLMappingBody[];
  readonly securityScheme: string;
  readonly isSubscriptionValidationDisabled: boolean;
  readonly isEgress: boolean;
  readonly subtype: string;
}

export interface OperationPolicyBody {
  readonly policyName: string;
  readonly policyVersion?: string;
  readonly direction: string;
  readonly policyId?: string;
  readonly order: number;
}

/** Security schemes are one text here, separated by commas. Parameters of policies may be secret and are left out: artifacts hold them. */
export const toAPI = (api: ApiRow): APIBody => ({
  uuid: api.id,
  apiId: api.number,
  provider: api.provider,
  name: api.name,
  version: api.version,
  context: api.path,
  contextTemplate: tenantContext(api.organization, api.contextTemplate),
  ...(api.policy !== null && { policy: api.policy }),
  apiType: shownType(api.type),
  status: api.status,
  organization: api.organization,
  isDefaultVersion: api.isDefaultVersion,
  ...(api.operations && {
    apiPolicies: (['request', 'response', 'fault'] as const).flatMap((flow) =>
      (api.apiPolicies?.[flow] ?? []).map((policy, at) => toOperationPolicy(policy, flow, at + 1)),
    ),
    urlMappings: api.operations.map(toURLMapping),
  }),
  securityScheme: api.securityScheme.join(','),
  isSubscriptionValidationDisabled: isSubscriptionless(api.policies),
  isEgress: false,
  subtype: 'DEFAULT',
});

const toOperationPolicy = (
  { policyName, policyVersion, policyId }: AttachedPolicy,
  direction: string,
  order: number,
): OperationPolicyBody => ({
  policyName,
  ...(policyVersion !== undefined && { policyVersion }),
  direction,
  ...(policyId !== undefined && { policyId }),
  order,
});

export const toApplication = (application: ApplicationRow) => ({
  uuid: application.id,
  id: application.number,
  name: application.name,
  subName: shownName({ name: application.owner, organization: application.organization }),
  policy: application.policy,
  tokenType: application.tokenType,
  groupIds: application.groups.map((groupId) => ({ groupId, applicationId: application.number })),
  attributes: textsOf(application.attributes),
  organization: application.organization,
});

export const toSubscription = (subscription: SubscriptionRow) => ({
  subscriptionUUID: subscription.id,
  subscriptionId: subscription.number,
  policyId: subscription.policy,
  apiUUID: subscription.apiId,
  apiId: subscription.apiNumber,
  applicationUUID: subscription.applicationId,
  appId: subscription.applicationNumber,
  subscriptionState: subscription.state,
  apiName: subscription.apiName,
  apiVersion: subscription.apiVersion,
  apiOrganization: subscription.apiOrganization,
  applicationOrganization: subscription.applicationOrganization,
});
