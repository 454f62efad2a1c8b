import type { ClientAddress } from '../client-address.js';
import type { Grants } from '../grants.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';

/** The caller's application must hold an active subscription to the API; finds the limits and the key type that come with it. */
export const subscription =
  ({ api, backend }: Pick<Operation, 'api' | 'backend'>, grants: Grants, clientAddress: ClientAddress): Policy =>
  (exchange) => {
    if (exchange.isTest) return undefined;
    const grant = exchange.token === null ? grants.forAddress(clientAddress(exchange), api, backend) : grants.forToken(exchange.token, api);
    exchange.grant = grant;
    exchange.keyType = grant.keyType;
    return grant.refusal;
  };
