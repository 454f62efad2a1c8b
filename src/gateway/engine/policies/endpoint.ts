import { BUFFERED_BYTES_MAX, bufferedBody } from '../backend/buffered-body.js';
import { EndpointGroup } from '../backend/endpoint-group.js';
import type { Exchange } from '../exchange.js';
import { type LinkedBackend, type LinkedDestination, type LinkedEndpoint, membersOf, type Operation } from '../link.js';
import { takeInBody } from '../mediation/request-body.js';
import type { Policy } from '../pipeline.js';
import { NoEndpoint, NoProductionEndpoint, NoSandboxEndpoint, type Refusal, Suspended } from '../refusal.js';
import type { Targets } from '../sequences/targets.js';

/** Chooses the backend by the credential's key type (`reference/gateway.md` §6). */
export const endpoint = (
  { backend, lambda, mediation }: Pick<Operation, 'backend' | 'lambda' | 'mediation'>,
  bodyBytesMax: number,
): Policy => {
  const isLambda = [...membersOf(backend.production), ...membersOf(backend.sandbox)].some((member) => member.isLambda);
  if (isLambda && lambda === undefined) return () => NoEndpoint;
  const { targets, productionSequence, sandboxSequence } = backend;
  const hasSequence = productionSequence !== null || sandboxSequence !== null;
  const usual =
    targets !== null
      ? whereItSays(targets, bodyBytesMax)
      : hasSequence
        ? orSequence(backend, bodyBytesMax)
        : ofBackend(backend, bodyBytesMax);
  return mediation?.sends ? orSent(usual, bodyBytesMax) : usual;
};

const ofBackend = ({ production, sandbox }: Pick<LinkedBackend, 'production' | 'sandbox'>, bodyBytesMax: number): Policy => {
  if (production === null && sandbox === null) return () => NoEndpoint;
  return isPlain(production) && isPlain(sandbox) ? plain(production, sandbox) : chosen(production, sandbox, bodyBytesMax);
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
  (production: LinkedDestination | null, sandbox: LinkedDestination | null, bodyBytesMax: number): Policy =>
  (exchange) => {
    const destination = exchange.keyType === 'SANDBOX' ? sandbox : production;
    return destination === null ? missing(exchange) : sentTo(destination, exchange, bodyBytesMax);
  };

const sentTo = (destination: LinkedDestination, exchange: Exchange, bodyBytesMax: number): ReturnType<Policy> => {
  const endpoint = destination instanceof EndpointGroup ? destination.choose(exchange) : usable(destination, exchange);
  if (endpoint === undefined) return Suspended;
  exchange.endpoint = endpoint;
  if (endpoint.security?.readsBody === true && exchange.body === null && exchange.bodyBytes !== 0)
    return secured(exchange, endpoint, bodyBytesMax);
  const mayBeSentAgain = exchange.route !== null || endpoint.security?.mayRetry === true;
  if (mayBeSentAgain && exchange.body === null && exchange.bodyBytes !== 0 && exchange.bodyBytes <= BUFFERED_BYTES_MAX)
    return prepared(exchange, endpoint);
  return endpoint.security?.apply(exchange, endpoint);
};

/** A destination that a policy has named comes before the API's own. */
const orSent =
  (usual: Policy, bodyBytesMax: number): Policy =>
  (exchange) =>
    exchange.destination === null ? usual(exchange) : sentTo(exchange.destination, exchange, bodyBytesMax);

/** A sequence in the place of one of the endpoints or both; it either answers or names a destination. */
const orSequence = (backend: LinkedBackend, bodyBytesMax: number): Policy => {
  const { productionSequence, sandboxSequence } = backend;
  // Where there is a sequence for the other key type, it is the key that is wrong.
  const usual = chosen(backend.production, backend.sandbox, bodyBytesMax);
  const goOn = (exchange: Exchange, refusal: Refusal | undefined): ReturnType<Policy> =>
    refusal === undefined && exchange.destination !== null ? sentTo(exchange.destination, exchange, bodyBytesMax) : refusal;
  return (exchange) => {
    if (exchange.destination !== null) return sentTo(exchange.destination, exchange, bodyBytesMax);
    const sequence = exchange.keyType === 'SANDBOX' ? sandboxSequence : productionSequence;
    if (sequence === null) return usual(exchange);
    const outcome = sequence(exchange);
    return outcome instanceof Promise ? outcome.then((refusal) => goOn(exchange, refusal)) : goOn(exchange, outcome);
  };
};

/** Where a policy has put the target, for an API without an address of its own; none is a fault (`reference/gateway.md` §7). */
const whereItSays =
  (targets: Targets, bodyBytesMax: number): Policy =>
  (exchange) => {
    const { api, to } = exchange;
    const destination = api === null || to === null ? undefined : targets.at(api.organization, to);
    return destination === undefined ? NoEndpoint : sentTo(destination, exchange, bodyBytesMax);
  };

const usable = (endpoint: LinkedEndpoint, exchange: Exchange): LinkedEndpoint | undefined =>
  endpoint.health?.isUsable(exchange.startedAt) === false ? undefined : endpoint;

/** Reads the body that the credentials depend on. */
const secured = async (exchange: Exchange, endpoint: LinkedEndpoint, bodyBytesMax: number): Promise<Refusal | undefined> =>
  (await takeInBody(bodyBytesMax)(exchange)) ?? endpoint.security?.apply(exchange, endpoint);

/** Reads the body beforehand, so that it can be sent again. */
const prepared = async (exchange: Exchange, endpoint: LinkedEndpoint): Promise<Refusal | undefined> => {
  exchange.body = await bufferedBody(exchange.request);
  if (exchange.body !== null) exchange.apiLog?.requestBody(exchange.body);
  return endpoint.security?.apply(exchange, endpoint);
};
