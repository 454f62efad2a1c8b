import { NotFound, problem } from '../../domain/problem.js';

export const ClientNotFound = NotFound('OAuth application');
export const ClientSecretNotFound = NotFound('client secret');
export const ClientNameTaken = problem(
  409,
  900951,
  'OAuth application already exists',
  'An OAuth application with the name %s already exists.',
);
/** The one that was added last is what the portals show: it stays. */
export const NewestSecretStays = problem(400, 400, 'Bad Request', 'The most recent client secret cannot be revoked.');
