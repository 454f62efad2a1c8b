import { problem } from '../../domain/problem.js';

export const UserNotFound = problem(404, 404, 'Not Found', 'No user with the id : %s in the system.');
export const UserExists = problem(409, 20030, 'Conflict', 'User with the name: %s already exists in the system.');
export const UserNameInvalid = problem(400, 31301, 'Bad Request', '31301 - Username pattern policy violated.');
export const PasswordInvalid = problem(400, 30003, 'Bad Request', '30003 - Password length should be within 5 to 30 characters.');
export const ClaimUnknown = problem(400, 30005, 'Bad Request', '30005 - The claim %s does not exist.');
export const ClaimInvalid = problem(
  400,
  400,
  'Bad Request',
  'The value of %s cannot be stored: it is too long or holds a zero byte, or there are too many values.',
);
export const OwnerUndeletable = problem(403, 37002, 'Forbidden', '37002 - The owner of the tenant cannot be deleted.');
export const OwnerNeedsAdmin = problem(403, 37002, 'Forbidden', '37002 - The owner of the tenant cannot lose the role admin.');
