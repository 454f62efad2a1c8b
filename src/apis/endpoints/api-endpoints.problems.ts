import { NotFound, problem } from '../../domain/problem.js';

export const ApiEndpointNotFound = NotFound('API Endpoint');
export const PrimaryEndpointUnknown = problem(
  404,
  902040,
  'Cannot find the required API endpoint details.',
  "Requested API endpoint with id '%s' not found.",
);
export const ApiEndpointReadOnly = problem(400, 902042, 'API endpoint is read only', 'API endpoint with UUID %s is read only');
/** The product answers 500 with this code; what was sent is at fault. */
export const EndpointConfigMissing = problem(
  400,
  902044,
  'Mandatory endpoint config is missing in endpoint',
  'Mandatory endpoint config is either missing or empty',
);
export const EndpointsFileUnreadable = problem(
  400,
  902045,
  'Error while reading API endpoints from the endpoints file',
  'Error while reading API endpoints from the endpoints file',
);
export const PrimaryEndpointKept = problem(
  400,
  902048,
  'Failed to delete API endpoint since endpoint is defined as a primary endpoint',
  "Failed to delete API endpoint with UUID '%s' since it is defined as a primary endpoint.",
);
export const ApiEndpointUrlInvalid = problem(400, 902049, 'Endpoint URL is invalid', 'Endpoint URL is invalid');
export const InvalidApiEndpoint = problem(
  400,
  902056,
  'Invalid API endpoint request payload',
  'The API endpoint request payload is malformed or missing required fields.',
);
