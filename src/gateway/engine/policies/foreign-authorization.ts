import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';

/** Leaves the authorization header to the backend: part of the pipeline only where no scheme of the API reads it. */
export const foreignAuthorization = (api: LinkedApi): Policy => {
  const name = api.credentialHeaders[0] ?? api.authHeader;
  return ({ authorization, outbound }) => {
    if (authorization !== null) outbound.push(name, authorization);
    return undefined;
  };
};
