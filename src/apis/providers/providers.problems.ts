import { BadRequest, problem } from '../../domain/problem.js';

export const TenantMismatch = problem(400, 901409, 'Tenant mismatch', 'Tenant mismatch');
export const ProviderMissing = () =>
  BadRequest('Validation Error').withFindings([{ code: '400_provider', message: 'provider: must not be null' }]);
export const ProviderUnknown = problem(400, 400, 'Bad Request', 'The user %s does not exist');
