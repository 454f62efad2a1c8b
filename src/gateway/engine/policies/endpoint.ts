import { BUFFERED_BYTES_MAX, bufferedBody } from '../buffered-body.js';
import { EndpointGroup } from '../endpoint-group.js';
import type { Exchange } from '../exchange.js';
import type { LinkedDestination, LinkedEndpoint, Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { NoEndpoint, NoProductionEndpoint, NoSandboxEndpoint, type Refusal, Suspended } from '../refusal.js';

/** Chooses the backend by the credential's key type (`reference/gateway.md` §6). */
export const endpoint = ({ backend }: Pick<Operation, 'backend'>): Policy => {
  const { production, sandbox } = backend;
  if (production === null && sandbox === null) return () => NoEndpoint;
  return isPlain(production) && isPlain(sandbox) ? plain(production, sandbox) : chosen(production, sandbox);
};

/** Nothing stands between the request and this endpoint. */
const isPlain = (endpoint: LinkedDestination | null): endpoint is LinkedEndpoint | null =>
  endpoint === null || (!(endpoint instanceof EndpointGroup) && endpoint.health === null && endpoint.security === null);

const missing = ({ keyType }: Exchange): Refusal => (keyType === 'SANDBOX' ? NoSandboxEndpoint : NoProductionEndpoint);

const plain =
  (production: LinkedEndpoint | null, sandbox: LinkedEndpoint | null): Policy =>
  (exchange) => {
    const endpoint = exchange.keyType === 'SANDBOX' ? sandbox : production;
    if (endpoint === null) return missing(exchange);
    exchange.endpoint = endpoint;
    return undefined;
  };

const chosen =
  (production: LinkedDestination | null, sandbox: LinkedDestination | null): Policy =>
  (exchange) => {
    const destination = exchange.keyType === 'SANDBOX' ? sandbox : production;
    if (destination === null) return missing(exchange);
    const endpoint = destination instanceof EndpointGroup ? destination.choose(exchange) : usable(destination, exchange);
    if (endpoint === undefined) return Suspended;
    exchange.endpoint = endpoint;
    const mayBeSentAgain = exchange.route !== null || endpoint.security?.mayRetry === true;
    if (mayBeSentAgain && exchange.body === null && exchange.bodyBytes !== 0 && exchange.bodyBytes <= BUFFERED_BYTES_MAX)
      return prepared(exchange, endpoint);
    return endpoint.security?.apply(exchange, endpoint);
  };

const usable = (endpoint: LinkedEndpoint, exchange: Exchange): LinkedEndpoint | undefined =>
  endpoint.health?.isUsable(exchange.startedAt) === false ? undefined : endpoint;

/** Reads the body beforehand, so that it can be sent again. */
const prepared = async (exchange: Exchange, endpoint: LinkedEndpoint): Promise<undefined> => {
  exchange.body = await bufferedBody(exchange.request);
  return endpoint.security?.apply(exchange, endpoint);
};
