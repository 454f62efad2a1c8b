import type { Exchange } from '../exchange.js';
import { headerOf, removeHeader, setHeader } from '../front/headers.js';
import type { Answer } from '../mediation/flows.js';
import { BackendFault, Refusal, Reply } from '../refusal.js';
import { destinationOf } from './call-endpoint.js';
import { holdsFault } from './computed-properties.js';
import { noteFailure } from './error-properties.js';
import type { ExchangeMessage } from './exchange-message.js';
import type { Step } from './flow-message.js';
import { mediationErrorOf, type Outcome } from './message.js';
import { statusOf } from './transport-properties.js';
import { isTrue, textOf } from './values.js';

/** What a stopped flow answers that has said nothing (`reference/mediation.md` §2.3). */
const Dropped = new Refusal(202, '', 'other');

/** Headers of a request that do not go back to the client, whoever has set them. */
const NOT_ANSWERED: readonly string[] = ['content-type', 'content-length', 'authorization', 'host', 'accept', 'x-jwt-assertion'];

/** RFC 9110 §6.4.1: an answer with this status has no body. */
const isBodiless = (status: number): boolean => status === 204 || status === 304;

/** Runs a sequence and makes something of its outcome; what it throws is a fault of the exchange. */
export const settled = <T>(
  message: ExchangeMessage,
  run: Step,
  finish: (outcome: Outcome) => T | Promise<T>,
): T | BackendFault | Promise<T | BackendFault> => {
  try {
    const outcome = run(message);
    const result = outcome instanceof Promise ? outcome.then(finish) : finish(outcome);
    return result instanceof Promise ? result.catch((err: unknown) => failed(message, err)) : result;
  } catch (err) {
    return failed(message, err);
  }
};

const failed = (message: ExchangeMessage, err: unknown): BackendFault => {
  const failure = mediationErrorOf(err);
  if (failure !== err) message.log('error', failure.message);
  noteFailure(message, failure);
  const property = (name: string): string => textOf(message.get('default', name));
  const status = statusOf(message.get('default', 'CUSTOM_HTTP_SC'));
  return new BackendFault(property('ERROR_CODE'), property('ERROR_MESSAGE'), status);
};

/** What becomes of a request after a sequence: a refusal answers it, nothing lets it go on. */
export const requestOutcome = (message: ExchangeMessage, outcome: Outcome): Refusal | undefined => {
  if (outcome === 'continue') {
    message.write();
    return undefined;
  }
  const { ending } = message;
  switch (ending?.kind) {
    case 'respond':
      return answerOf(message, false);
    case 'loopback':
      return answerOf(message, true);
    case 'refuse':
      return ending.refusal;
    case 'send': {
      const { target } = ending;
      if (target === null && (isTrue(message.get('default', 'RESPONSE')) || message.address('To') === null))
        return answerOf(message, false);
      const { exchange } = message;
      const { endpoints, rest } = destinationOf(message, target);
      if (target?.messageType) message.set('axis2', 'messageType', target.messageType);
      message.write();
      if (target?.method) exchange.method = target.method;
      exchange.rest = rest;
      exchange.destination = endpoints;
      return undefined;
    }
    default:
      return Dropped;
  }
};

/** `FAULTS_AS_HTTP_200`: a SOAP fault that leaves with the status of a success. */
const leavesAsSuccess = (message: ExchangeMessage): boolean =>
  isTrue(message.get('axis2', 'FAULTS_AS_HTTP_200')) && holdsFault(message.payload);

/** The message as an answer to the client; the API's response policies run over one in the backend's place. */
export const answerOf = (message: ExchangeMessage, isInBackendsPlace: boolean): Refusal => {
  const status = leavesAsSuccess(message) ? 200 : (statusOf(message.get('axis2', 'HTTP_SC')) ?? 200);
  const isEmpty = message.isWithoutBody || isBodiless(status);
  const body = isEmpty ? '' : message.payload.write(message.format);
  const headers = answerHeaders(message.exchange);
  const type = message.contentType();
  return isInBackendsPlace ? new Reply(status, body, headers, type) : new Refusal(status, body, 'other', headers, type);
};

/** The request's headers that policies have set: what the client sent is not sent back to it. */
const answerHeaders = ({ outbound, request }: Exchange): readonly string[] => {
  const headers: string[] = [];
  for (let i = 0; i < outbound.length; i += 2) {
    const [name = '', value = ''] = outbound.slice(i, i + 2);
    const lower = name.toLowerCase();
    if (!NOT_ANSWERED.includes(lower) && headerOf(request.rawHeaders, lower) !== value) headers.push(name, value);
  }
  return headers;
};

/** What becomes of an answer after a sequence. */
export const answerOutcome = (message: ExchangeMessage, outcome: Outcome): Refusal | 'done' | undefined => {
  const { ending } = message;
  if (outcome === 'stop' && (ending === null || ending.kind === 'drop')) return Dropped;
  if (outcome === 'stop' && ending?.kind === 'refuse') return ending.refusal;
  if (ending?.kind === 'send' && ending.target !== null)
    message.log('warn', 'a response policy has sent its message to an endpoint, which is ignored');
  message.write();
  const { answer } = message;
  if (answer !== null && leavesAsSuccess(message)) answer.status = 200;
  if (answer !== null && isBodiless(answer.status)) {
    removeHeader(answer.headers, 'content-length');
    if (answer.body !== null) answer.body = Buffer.alloc(0);
  }
  return outcome === 'stop' ? 'done' : undefined;
};

/** What becomes of a fault after a sequence: the policies' answer, or the gateway's own as their properties change it. */
export const faultOutcome = async (message: ExchangeMessage, answer: Answer, outcome: Outcome): Promise<Refusal | 'done' | undefined> => {
  const { ending } = message;
  if (outcome === 'continue') {
    message.renderFault();
    return undefined;
  }
  if (ending === null || ending.kind === 'drop') return Dropped;
  if (ending.kind === 'refuse') return ending.refusal;
  if (ending.kind === 'send' && ending.target !== null) message.take(await message.call(ending.target));
  const custom = statusOf(message.get('default', 'CUSTOM_HTTP_SC'));
  answer.status = leavesAsSuccess(message) ? 200 : (statusOf(message.get('axis2', 'HTTP_SC')) ?? custom ?? answer.status);
  answer.body = message.isWithoutBody ? Buffer.alloc(0) : message.payload.write(message.format);
  if (answer.body.length > 0) setHeader(answer.headers, 'Content-Type', 'content-type', message.contentType());
  return 'done';
};
