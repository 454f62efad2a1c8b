import { AlreadyExists, BadRequest, Forbidden, NotFound, type Problem, problem } from '../domain/problem.js';

export const SubscriptionNotFound = NotFound('Subscription');
export const ApiNotFound = NotFound('API');
export const NotYourSubscription = (id: string): Problem => Forbidden(`You don't have permission to access the Subscription with Id ${id}`);
export const SubscriptionExists = (apiId: string, applicationId: string): Problem =>
  AlreadyExists(`Specified subscription already exists for API ${apiId}, for application ${applicationId}`);
export const SubscriptionBlocked = (apiId: string, applicationId: string): Problem =>
  Forbidden(`Subscription blocked. The subscription of application ${applicationId} to API ${apiId} is blocked.`);
export const ApplicationNotApproved = (): Problem => BadRequest('Workflow status is not Approved');
export const ApiIdMissing = (): Problem => BadRequest('apiId must be given');
export const StatusMissing = (): Problem => BadRequest('status must be given');
export const FilterMissing = (): Problem => BadRequest('Either applicationId or apiId should be available');
export const OtherSubscription = (property: string): Problem => BadRequest(`The ${property} of a subscription cannot be changed`);
export const StateNotSubscribable = (status: string): Problem =>
  Forbidden(`Subscriptions not allowed on APIs/API Products in the state: ${status}`);
export const TenantNotSubscribable = (tenant: string): Problem => Forbidden(`Subscription is not allowed for ${tenant}`);
export const SchemeNotSubscribable = (name: string): Problem =>
  Forbidden(`Subscription is not allowed for API ${name}. It is secured neither by OAuth2 nor by API keys.`);
export const PlanChangeRefused = (state: string): Problem =>
  BadRequest(`The business plan of a subscription in the state ${state} cannot be changed`);
export const RemovalPending = (id: string): Problem => BadRequest(`The end of the subscription ${id} waits for approval already`);
export const NothingPending = problem(404, 404, 'Not Found', 'Neither a change of plan nor the end of the subscription waits for approval');
export const BlockRefused = (state: string): Problem =>
  BadRequest(`A subscription in the state ${state} can be neither blocked nor unblocked`);
export const SubscriptionIdMissing = problem(400, 902017, 'Subscription ID not specified.', 'Subscription ID not specified.');
export const PlanMissing = problem(400, 902018, 'Business plan not specified.', 'Business plan not specified.');
/** The plan of a subscription that waits for a decision, or was rejected, stays. */
export const PlanChangePending = problem(
  409,
  902022,
  'Cannot change the business plan of the subscription.',
  "Cannot change the business plan of the subscription with ID '%s' as the subscription is in '%s' state.",
);
export const PlanDenied = problem(
  403,
  902023,
  'Cannot change the business plan of the subscription.',
  "Cannot change the business plan of the subscription with ID '%s' as the subscriber does not have permission to access the specified business plan.",
);
/** The plan is not one of the API's, or not open to the caller's roles. */
export const PlanNotAllowed = problem(
  403,
  902002,
  'Subscription Tier is not allowed for user',
  'Subscription Tier %s is not allowed for user %s ',
);
export const PlanInternal = problem(400, 902019, 'The Business plan is not allowed.', "Business plan '%s' is not allowed for the API.");
