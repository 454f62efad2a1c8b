import { problem } from '../../domain/problem.js';

export const PasswordChangeDisabled = problem(
  400,
  901450,
  'Password change disabled',
  'Password change operation is disabled in the system',
);
export const CurrentPasswordIncorrect = problem(400, 901451, 'Current password incorrect', 'The current password entered is incorrect');
export const NewPasswordInvalid = problem(
  400,
  901452,
  'Password pattern invalid',
  "Password entered is invalid since it doesn't comply with the pattern/policy configured",
);
