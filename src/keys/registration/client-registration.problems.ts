import { problem } from '../../domain/problem.js';

export const OwnerEmpty = problem(400, 400, 'Bad Request', 'Application owner cannot be empty');
export const OwnerDiffers = problem(400, 400, 'Bad Request', "Logged in user '%s' and application owner '%s' should be same.");
export const OwnerUnknown = problem(403, 403, 'Forbidden', 'User: %s does not exist for application registration');
export const OwnedByAnother = problem(403, 403, 'Forbidden', 'The application %s belongs to another user.');
/** The product has no such operation either, and answers 500. */
export const UnregisteringNotSupported = problem(
  405,
  405,
  'Method Not Allowed',
  'Removing a registered application is not supported here.',
);
