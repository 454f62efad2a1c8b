import { NotFound, problem } from '../../domain/problem.js';

export const PolicyNotFound = NotFound('Operation Policy');
/** By name and version, where no id is at hand. */
export const NamedPolicyNotFound = problem(
  404,
  903004,
  'API Policy Not Found with given name and version',
  "Requested api policy with name '%s' and version '%s not found",
);
export const PolicyExists = problem(
  409,
  903001,
  'The API Policy already exists.',
  "An Operation Policy with name '%s' and version '%s' already exists",
);
export const DefinitionFilesMissing = problem(
  400,
  903008,
  'Either Synapse or Choreo Gateway Definition files or both should be present',
  'API Policy cannot be imported due to the missing Gateway files.',
);
/** The product answers 500 with this text; the file is at fault. */
export const InvalidSpecification = problem(400, 400, 'Bad Request', 'Policy specification validation failure: %s');
/** The product answers 500 with this text; the file is at fault. */
export const UnsupportedDefinitionFile = problem(400, 400, 'Bad Request', 'Unsupported file type for Operation Policy: %s');
export const UnusableDefinition = problem(400, 902006, 'Invalid api policy specification found', 'Invalid api policy specification. %s');

export const AttachedPolicyUnknown = problem(400, 902005, 'Cannot find the selected api policy', 'Selected api policy is not found');
/** The product's text names the response flow whatever the flow was. */
export const PolicyNotAllowed = problem(
  400,
  902008,
  'API policy is not allowed in the applied flow',
  '%s policy is not allowed in response flow',
);
export const AttributesMissing = problem(
  400,
  902009,
  'Missing mandatory api policy attribute',
  'Required attributes(s) %s for api policy specification %s are either missing or empty',
);
export const PolicyIdMismatch = problem(
  400,
  903211,
  'Invalid operation policy name or version',
  'policyName and/or policyVersion provided for the applied policy %s_%s does not match the policy specification identified by the given policyId %s',
);
export const InvalidParameter = problem(
  400,
  903212,
  'Invalid operation policy parameters',
  'Invalid value provided for the operation policy parameter %s',
);
/** Of a policy that cannot be compiled with what it is given. */
export const UnusableParameters = problem(
  400,
  903212,
  'Invalid operation policy parameters',
  'Invalid values provided for the parameters of the operation policy %s. %s',
);
