import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const PlatformGatewayExists = problem(
  409,
  900518,
  'API Platform gateway name already exists',
  "An API Platform gateway with name '%s' already exists in the organization",
);
export const PlatformGatewayNotFound = problem(404, 900519, 'API Platform gateway not found', 'API Platform gateway not found');
export const AddressInvalid = (): Problem =>
  BadRequest('Invalid vhost: the address at which the gateway is called is expected, such as https://mg.example.com:8443');
export const NameAndAddressFixed = (): Problem => BadRequest('The name and the vhost of a platform gateway cannot be changed');
export const VersionUnsupported = (versions: readonly string[]): Problem =>
  BadRequest(`Unsupported version of the platform gateway: one of these is expected: ${versions.join(', ')}`);
