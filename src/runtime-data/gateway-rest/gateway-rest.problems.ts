import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const ApiUnknown = problem(404, 404, 'Not Found', "Requested API '%s' version '%s' does not exist in tenant %s");
export const ApiNotDeployed = problem(404, 404, 'Not Found', "Requested API '%s' version '%s' is not deployed in the gateway: %s");
export const SubscriptionUnknown = problem(404, 404, 'Not Found', 'Requested subscription does not exist');

/** The product says it in `moreInfo` alone. */
export const ParametersMissing = (...names: readonly string[]): Problem => {
  const refusal = BadRequest(`Required parameters are missing: ${names.join(', ')}`);
  refusal.moreInfo = refusal.description;
  return refusal;
};
