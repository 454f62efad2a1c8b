import { BadRequest, NotFound, PreconditionFailed, type Problem, problem } from '../../domain/problem.js';

export const GatewayPolicyNotFound = NotFound('Gateway Policy Mapping');
export const GatewayLabelNotFound = NotFound('Gateway Label');
export const EmptyMapping = (): Problem => BadRequest('The policy mapping must hold at least one policy');
export const GatewayPolicyDeployed = (id: string): Problem =>
  PreconditionFailed(`Cannot delete the gateway policy mapping ${id} as it is deployed`);
export const LabelTaken = problem(
  409,
  409,
  'Conflict',
  'The gateway label %s runs another gateway policy mapping. Undeploy that one first.',
);
export const PolicyDeploymentsExist = problem(
  409,
  900516,
  'Active Gateway Policy Deployments Exist',
  'Cannot delete the environment with UUID %s as active gateway policy deployment exist',
);
