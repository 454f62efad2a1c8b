import { NotFound, problem } from '../../domain/problem.js';

export const ClientNotFound = NotFound('OAuth application');
export const ClientSecretNotFound = NotFound('client secret');
export const ClientNameTaken = problem(
  409,
  900951,
  'OAuth application already exists',
  'An OAuth application with the name %s already exists.',
);
export const ClientIdTaken = problem(
  409,
  900951,
  'OAuth application already exists',
  'An OAuth application with the client id %s already exists.',
);
/** The one that was added last is what the portals show: it stays. */
export const NewestSecretStays = problem(400, 400, 'Bad Request', 'The most recent client secret cannot be revoked.');
export const TooManySecrets = problem(
  400,
  400,
  'Bad Request',
  'The client has as many secrets as it may have: %s. Revoke one before you add another.',
);

const NOT_SUPPORTED = 'The requested operation is not supported';
export const SeveralSecretsOff = problem(
  400,
  900916,
  NOT_SUPPORTED,
  'This operation is not supported as the multiple client secret support is disabled by server configuration.',
);
export const SeveralSecretsOn = problem(
  400,
  900917,
  NOT_SUPPORTED,
  'This operation is not supported as the multiple client secret support is enabled by server configuration. Use the client secret creation API (POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-secret) to generate new client secrets.',
);
