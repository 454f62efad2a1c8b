import { EndpointGroup, Route } from '../backend/endpoint-group.js';
import { headerOf, removeHeader, setHeader } from '../front/headers.js';
import type { LinkedDestination, LinkedEndpoint } from '../link.js';
import { BackendFault } from '../refusal.js';
import { type SequenceTarget, TO_TARGET } from './endpoint-forms.js';
import type { ExchangeMessage } from './exchange-message.js';
import type { CallAnswer } from './flow-message.js';
import { MediationError } from './message.js';
import type { SequenceQuestion } from './sequence-deps.js';

const CALLS_MAX = 10;
const CLIENT_GONE = 'The client hung up';

/** Endpoints, and what follows their own path. */
interface Destination {
  readonly endpoints: LinkedDestination;
  readonly rest: string;
}

/** Where a message goes: the target's address, or what its `To` says. @throws MediationError where there is none. */
export const destinationOf = (message: ExchangeMessage, target: SequenceTarget | null): Destination => {
  const { exchange, deps } = message;
  const own = (target ?? TO_TARGET).documentFor(message);
  const url = own?.url ?? exchange.to ?? '';
  if (!/^https?:\/\//i.test(url)) throw new MediationError('303001', 'The message has no target that is an http or https URL');
  try {
    const document = own ?? { url, onTimeout: 'fault', timeoutMs: null };
    const endpoints = deps.targets.find(exchange.api?.organization ?? '', target ?? TO_TARGET, document);
    if ((target ?? TO_TARGET).appendsRest) return { endpoints, rest: exchange.rest };
    // An endpoint's path is kept without the slash at its end, which counts where nothing follows it.
    return { endpoints, rest: new URL(url).pathname.endsWith('/') ? '/' : '' };
  } catch (err) {
    throw new MediationError('303001', err instanceof Error ? err.message : String(err), { cause: err });
  }
};

/** Asks an endpoint with the message (`reference/mediation.md` §3.8). */
export const callEndpoint = async (
  message: ExchangeMessage,
  target: SequenceTarget | null,
  body: { readonly bytes: Buffer; readonly contentType: string | null } | undefined,
): Promise<CallAnswer> => {
  message.calls += 1;
  if (message.calls > CALLS_MAX) throw new MediationError('0', `More than ${CALLS_MAX} calls would be made`);
  const { endpoints, rest } = destinationOf(message, target);
  const question = questionOf(message, target ?? TO_TARGET, rest, body);
  return endpoints instanceof EndpointGroup ? askGroup(message, endpoints, question) : ask(message, endpoints, question);
};

const questionOf = (
  message: ExchangeMessage,
  { method, messageType }: SequenceTarget,
  rest: string,
  body: { readonly bytes: Buffer; readonly contentType: string | null } | undefined,
): SequenceQuestion => {
  const { exchange, payload, isWithoutBody } = message;
  const headers = [...message.headers];
  for (const name of ['content-length', 'accept-encoding', 'transfer-encoding']) removeHeader(headers, name);
  const verb = method ?? exchange.method ?? exchange.request.method ?? 'GET';
  const format = messageType ?? message.messageType ?? headerOf(headers, 'content-type');
  const bytes = body?.bytes ?? (isWithoutBody || verb === 'GET' || verb === 'HEAD' ? Buffer.alloc(0) : payload.write(format));
  const type = body === undefined ? (messageType ?? (bytes.length > 0 ? message.contentType() : null)) : body.contentType;
  if (type !== null && bytes.length > 0) setHeader(headers, 'Content-Type', 'content-type', type);
  return { method: verb, rest, headers, body: bytes.length === 0 ? null : bytes };
};

const askGroup = async (message: ExchangeMessage, group: EndpointGroup, question: SequenceQuestion): Promise<CallAnswer> => {
  const route = new Route(group);
  let endpoint = group.begin(route, performance.now());
  if (endpoint === undefined) throw new MediationError('303000', 'No endpoint of the group is ready');
  for (;;) {
    try {
      return await ask(message, endpoint, question);
    } catch (err) {
      endpoint = group.next(route);
      if (endpoint === undefined) throw err;
    }
  }
};

const ask = async (message: ExchangeMessage, endpoint: LinkedEndpoint, question: SequenceQuestion): Promise<CallAnswer> => {
  const { health } = endpoint;
  const { reply } = message.exchange;
  if (reply.destroyed) throw new MediationError('0', CLIENT_GONE);
  if (health?.isUsable(performance.now()) === false) throw new MediationError('303001', 'The endpoint is suspended');
  const client = new AbortController();
  const gone = (): void => client.abort();
  reply.once('close', gone);
  try {
    const answer = await message.deps.ask(endpoint, question, client.signal);
    health?.succeeded(performance.now());
    return answer;
  } catch (err) {
    if (!(err instanceof BackendFault)) throw err;
    // Nobody waits for the answer any more, which says nothing about the endpoint.
    if (client.signal.aborted) throw new MediationError('0', CLIENT_GONE, { cause: err });
    health?.failed(err.code, performance.now());
    throw new MediationError(err.code, 'Error while performing the call operation', { cause: err });
  } finally {
    reply.off('close', gone);
  }
};
