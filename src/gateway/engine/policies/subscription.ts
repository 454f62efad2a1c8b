import type { ClientAddress } from '../front/client-address.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import type { Grants } from '../throttling/grants.js';

/** The caller's application must hold an active subscription to the API; finds the limits and the key type that come with it. */
export const subscription =
  ({ api, backend }: Pick<Operation, 'api' | 'backend'>, grants: Grants, clientAddress: ClientAddress): Policy =>
  (exchange) => {
    if (exchange.isTest) return undefined;
    const { token, apiKey } = exchange;
    const known = token === null ? apiKey && grants.forKey(apiKey, api) : grants.forToken(token, api);
    const grant = known ?? grants.forAddress(clientAddress(exchange), api, backend);
    exchange.grant = grant;
    exchange.keyType = grant.keyType;
    return grant.refusal;
  };
