import type { AuthorizationParameters } from '../authorize/authorization-parameters.js';
import type { WaitingDevice } from './device-codes.service.js';

/** What stands for a device in the steps of login and consent; no client can send it, as the authorization endpoint does not know the type. */
const DEVICE = 'device';

/** A device's request in the form of an authorization request, for the pages between the code and the end. */
export const deviceRequest = ({ clientId, scopes, userCode }: WaitingDevice): AuthorizationParameters => ({
  response_type: DEVICE,
  client_id: clientId,
  scope: scopes.join(' '),
  user_code: userCode,
});

/** The user code of a device's request; undefined for the request of a client that redirects. */
export const userCodeOf = ({ response_type: type, user_code: code }: AuthorizationParameters): string | undefined =>
  type === DEVICE ? code : undefined;
