import { problem } from '../../domain/problem.js';

export const VersionExists = problem(
  409,
  900252,
  'The API version already exists.',
  "An API with version '%s' already exists for API '%s'",
);
/** Without a service catalog no service has any version. */
export const ServiceVersionNotFound = problem(
  404,
  901900,
  'Cannot find the service version',
  'Cannot find a service that matches the given version',
);
