import { AlreadyExists, BadRequest, Forbidden, type Problem, problem } from '../domain/problem.js';
import type { PolicyLevel } from '../domain/throttling.js';

export const PolicyNotFound = problem(
  404,
  903005,
  'Throttling Policy Not Found',
  "Requested throttling policy with name '%s' and type '%s' not found",
);
export const InvalidTier = problem(400, 900305, 'The tier name is invalid.', 'The tier name is invalid');
export const LimitWithoutBody = problem(400, 900960, 'Throttle Policy Error', 'Throttle Limit type is not supported');
export const AiQuotaTypeFixed = problem(
  400,
  900974,
  'Bad Request',
  'Subscription quota type can not be changed for AI Subscription policies.',
);
export const PropertyBlank = problem(400, 900705, 'Blank value for required property', '%s property value of payload cannot be blank');
export const CharactersInvalid = problem(
  400,
  900706,
  'contain invalid characters',
  '%s property value of payload cannot contain invalid characters',
);
export const PlanRolesEmpty = problem(400, 900600, 'Role list cannot be empty', 'Role list cannot be empty');
export const UnknownLevel = problem(404, 404, 'Not Found', 'The policy level %s does not exist; it is one of %s');

const AdvancedPolicyInUse = problem(
  403,
  900971,
  'Cannot delete the advanced throttling policy',
  'Cannot delete the advanced policy with the name %s because it is already assigned to an API/Resource',
);

export const PolicyExists = (name: string): Problem => AlreadyExists(`Policy with name ${name} already exists`);

/** Why a policy cannot go while something refers to it. */
export const PolicyInUse = (level: PolicyLevel, name: string): Problem => {
  if (level === 'advanced') return AdvancedPolicyInUse(name);
  return Forbidden(`Policy ${name} already attached to ${level === 'application' ? 'an application' : 'an API or a subscription'}`);
};

/** The product answers 500. */
export const PolicyIsDefault = problem(
  409,
  409,
  'Conflict',
  'Policy %s is the default at its level: name another one as %s in the tenant configuration first',
);

/** As many roles as somebody reads. */
const ROLES_NAMED_MAX = 10;

export const UnknownPlanRoles = (roles: readonly string[]): Problem => {
  const further = roles.length > ROLES_NAMED_MAX ? ` and ${roles.length - ROLES_NAMED_MAX} more` : '';
  const message = `permissions.roles: there is no role ${roles.slice(0, ROLES_NAMED_MAX).join(', ')}${further}`;
  return BadRequest('Validation Error').withFindings([{ code: '400_permissions.roles', message }]);
};
