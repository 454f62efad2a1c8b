import { problem } from '../../domain/problem.js';

/** An API that is not there, or none of the caller's. */
export const ApiGone = problem(404, 404, 'Not Found', 'API with id %s not found');
export const NoArtifacts = problem(404, 900910, 'No Api artifacts found for given criteria', 'No Api artifacts found for given criteria');
export const NotificationInvalid = problem(
  400,
  902052,
  'Invalid request for gateway notification',
  'Invalid request for gateway notification. %s',
);
export const AcknowledgementsMissing = problem(
  400,
  902051,
  'Invalid request: Empty or null acknowledgment list',
  'Invalid request: Empty or null acknowledgment list',
);
/** Of what a gateway reports, no deployment is as it says. */
export const NothingDeployed = problem(404, 404, 'Not Found', 'None of the revisions is deployed to the environments that are named');
