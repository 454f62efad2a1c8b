import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const ApplicationUnknown = problem(404, 900307, 'Application not found', 'Application not found');
export const TenantMismatch = problem(400, 901409, 'Tenant mismatch', 'The owner %s is not of the tenant %s');
export const OwnerUnknown = (name: string): Problem =>
  BadRequest(`There is no active user ${name} to own the application. Name another owner with appOwner, or leave preserveOwner out.`);
export const ArchiveMissing = (): Problem => BadRequest('The archive is missing: send it as the part file.');
