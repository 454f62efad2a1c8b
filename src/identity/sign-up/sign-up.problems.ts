import { problem } from '../../domain/problem.js';

/** Codes as clients know them (`reference/identity.md` §5). */
export const SignUpDisabled = problem(400, 20021, 'Self sign-up is disabled', 'Nobody can sign up for the tenant %s.');
export const NameInvalid = problem(
  400,
  20045,
  'Invalid username',
  'A username has 3 to 30 characters, without blanks and without @ and /. It is written without the tenant.',
);
export const PasswordRefused = problem(400, 20046, 'Invalid password', 'A password has 5 to 30 characters, without blanks.');
export const StoreUnknown = problem(400, 20047, 'Unknown user store', 'There is no user store %s.');
export const ClaimRefused = problem(400, 30005, 'Invalid claim', 'The claim %s does not exist here, or cannot be set by whoever signs up.');
export const BodyInvalid = problem(400, 400, 'Bad Request', '%s');
