import { BadRequest, Forbidden, type Problem, problem } from '../../domain/problem.js';

export const OwnerMissing = (): Problem =>
  BadRequest('Validation Error').withFindings([{ code: '400_owner', message: 'owner: must not be null' }]);
/** As when an API is handed to somebody else; the product answers 500 (`reference/admin.md` §8). */
export const OwnerInAnotherTenant = problem(400, 901409, 'Tenant mismatch', 'Tenant mismatch');
export const OwnerUnknown = problem(400, 400, 'Bad Request', 'The user %s does not exist');
export const ForeignTenant = (tenant: string): Problem =>
  Forbidden(`The applications of the tenant ${tenant} are listed for its own administrators and those of the super tenant only`);
export const TenantUnknown = problem(400, 901300, 'Bad Request', 'Tenant domain %s does not exist.');
