import { problem } from '../domain/problem.js';

export const EnvironmentNotFound = problem(404, 900506, 'Gateway Environment not found', 'Gateway Environment with %s not found');
export const EnvironmentExists = problem(400, 900507, 'Gateway Environment already exists', 'A Gateway Environment with %s already exists');
export const EnvironmentReadOnly = problem(400, 900508, 'Gateway Environment is read only', 'A Gateway Environment with %s is read only');
export const DuplicateVhosts = problem(
  400,
  900509,
  'Gateway Environment with duplicate virtual hosts',
  'A Gateway Environment cannot exists with duplicate virtual hosts',
);
export const NameFixed = problem(400, 900510, 'Names of Gateway Environment cannot be changed', 'Name of the gateway is read only');
export const EnvironmentInUse = problem(
  409,
  900515,
  'API Revisions Deployed to Gateway Environment Exist',
  'Cannot delete the environment with UUID %s as API revisions are deployed to it',
);
/** The product's text for a type it does not know; its status is 404, which would hide a mistake in the body. */
export const UnknownGatewayType = problem(400, 900903, 'Gateway type not found', 'Gateway type not found available Gateway types : %s');
