import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const MalformedProductContext = (): Problem => BadRequest('The API Product context is malformed');
export const DuplicateResource = problem(
  400,
  900341,
  'Cannot create API Product with duplicate resource',
  'Cannot create API Product with duplicate resource: %s , verb: %s combination',
);
export const MemberStateUnsupported = problem(
  409,
  900343,
  'Cannot create API Product, due to resources parent API being in an unsupported Life Cycle state',
  'Cannot create API Product, due to resources parent API being in an unsupported Life Cycle state: %s',
);
export const MemberKindUnsupported = (kind: string): Problem => BadRequest(`Resources of ${kind} APIs cannot be used in an API Product`);
export const UnknownTiers = problem(400, 903248, 'The tier name is invalid.', 'The tier name(s) %s are invalid');
/** An API may not lose what products offer: by an update, or by going back to a revision. */
export const ResourcesInUse = problem(
  409,
  900344,
  'Cannot remove the resource paths because they are used by one or more API Products',
  'Cannot update API: %s:%s, due to the resources to remove are used by one or more API Products',
);
export const RestoreLosesResources = problem(
  400,
  900364,
  'Cannot remove the resource paths because they are used by one or more API Products',
  'Cannot restore API %s:%s, as some resources used by one or more API Products will be removed',
);
export const RestoreLacksResources = problem(
  400,
  900365,
  'Cannot restore revision as one or more resources are missing from the associated APIs',
  'Cannot restore API Product %s:%s, as one or more resources are missing from the associated APIs',
);
export const ProductTooComplex = (name: string): Problem =>
  BadRequest(`The definition of the API Product ${name} is too complex to be written.`);
export const ProductVersionExists = problem(
  409,
  900276,
  'The API Product version already exists.',
  "An API Product with version '%s' already exists for API Product '%s'",
);
