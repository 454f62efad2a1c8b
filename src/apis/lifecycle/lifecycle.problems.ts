import { problem } from '../../domain/problem.js';

export const EndpointMissing = problem(
  400,
  903223,
  'Failed to publish service to API store. No endpoint selected',
  'Failed to publish service to API store. No endpoint selected for API with UUID %s',
);
export const TiersMissing = problem(
  400,
  903224,
  'Failed to publish service to API store. No Tiers selected',
  'Failed to publish service to API store. No Tiers selected for API with UUID %s',
);
export const UnsupportedAction = problem(
  400,
  903234,
  'Unsupported state change action',
  'Lifecycle state change action %s is not allowed for this API. Allowed actions are %s',
);
