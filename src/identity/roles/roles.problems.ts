import { problem } from '../../domain/problem.js';

export const RoleNotFound = problem(404, 404, 'Not Found', '%s not found with the ID: %s');
export const RoleExists = problem(409, 409, 'Conflict', '%s with name: %s already exists in the system.');
export const RoleNameInvalid = problem(400, 30011, 'Bad Request', '30011 - Role name not valid. It must match ^[\\S]{3,30}$.');
export const AdminRoleFixed = problem(400, 31804, 'Bad Request', '31804 - The role admin cannot be deleted or renamed.');
export const EveryoneRoleFixed = problem(400, 31805, 'Bad Request', '31805 - The role everyone cannot be changed.');
export const MemberUnknown = problem(400, 400, 'Bad Request', 'There is no user with the id : %s.');
