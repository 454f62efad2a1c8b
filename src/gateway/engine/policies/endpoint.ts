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
  endpoint === null || (!(endpoint instanceof EndpointGroup) && endpoint.health === null);

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
    return destination instanceof EndpointGroup ? ofGroup(destination, exchange) : single(destination, exchange);
  };

const single = (endpoint: LinkedEndpoint, exchange: Exchange): Refusal | undefined => {
  if (endpoint.health?.isUsable(exchange.startedAt) === false) return Suspended;
  exchange.endpoint = endpoint;
  return undefined;
};

const ofGroup = (group: EndpointGroup, exchange: Exchange): Refusal | undefined | Promise<undefined> => {
  const endpoint = group.choose(exchange);
  if (endpoint === undefined) return Suspended;
  exchange.endpoint = endpoint;
  return exchange.bodyBytes === 0 || exchange.bodyBytes > BUFFERED_BYTES_MAX ? undefined : keepBody(exchange);
};

/** Reads the body, so that it can be sent again. */
const keepBody = async (exchange: Exchange): Promise<undefined> => {
  exchange.body = await bufferedBody(exchange.request);
};
