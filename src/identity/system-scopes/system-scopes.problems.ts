import { BadRequest, problem } from '../../domain/problem.js';

export const RolesMissing = problem(400, 900600, 'Role list cannot be empty', 'Role list cannot be empty');
export const ScopeNotOfUser = problem(404, 901500, 'Scope does not belong to this user', 'Scope not found');
export const ScopeUnknown = problem(404, 901501, 'Scope Not Found', 'Scope does not exist');
export const UserUnknown = problem(404, 901502, 'User Not Found', 'User does not exist');
/** The text says which role or scope, and what is wrong with it. */
export const UnusableMapping = BadRequest;
