import type { AnswerDocument, MessagesDocument, ParameterDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { headerOf, valuesOf } from '../front/headers.js';
import type { Answer, AnswerFlow, AnswerStep, BodyUse, Mediation } from '../mediation/flows.js';
import { readRequestBody } from '../mediation/request-body.js';
import { mediaTypeOf } from '../mediation/threats.js';
import type { Policy } from '../pipeline.js';
import { Refusal } from '../refusal.js';
import { comparablePath } from '../routing/router.js';
import { Contents } from './contents.js';
import { Parameters } from './parameters.js';
import { pathReader } from './path-values.js';
import type { SchemaSet } from './schema-set.js';

const MESSAGES_MAX = 10;
const DESCRIPTION_MAX = 1_024;

/** Headers that OpenAPI leaves to other parts of a definition (OpenAPI 3.1 §4.8.12.1). */
const OTHERWISE_DESCRIBED: readonly string[] = ['accept', 'content-type', 'authorization'];

/** The checks of one operation's messages against its definition (`reference/gateway.md` §13). */
export interface MessageChecks {
  /** Runs while the path is as the client sent it; null without parameters in it. */
  readonly path: Policy | null;
  /** Runs after the request policies, on what they leave. */
  readonly request: Policy;
  /** Runs after the response policies; null where nothing is said about answers. */
  readonly response: { readonly step: AnswerStep; readonly body: BodyUse } | null;
}

const refusalOf = (status: number, message: string, direction: string, messages: readonly string[]): Refusal | undefined => {
  if (messages.length === 0) return undefined;
  const reasons = messages.slice(0, MESSAGES_MAX).join(', ');
  const description = `Schema validation failed in the ${direction}: ${reasons}`;
  const bounded = description.length > DESCRIPTION_MAX ? `${description.slice(0, DESCRIPTION_MAX - 1)}…` : description;
  return new Refusal(status, JSON.stringify({ code: String(status), message, description: bounded }), 'other');
};

const badRequest = (messages: readonly string[]): Refusal | undefined => refusalOf(400, 'Bad Request', 'Request', messages);
const badResponse = (messages: readonly string[]): Refusal | undefined => refusalOf(500, 'Bad Response', 'Response', messages);

/** `credentials` are the names of headers that the gateway keeps to itself, in lower case. */
export const linkMessageChecks = (
  document: MessagesDocument,
  target: string,
  schemas: SchemaSet,
  credentials: readonly string[],
  bodyBytesMax: number,
): MessageChecks => {
  const inPlace = (place: ParameterDocument['in']) =>
    new Parameters(
      document.parameters.filter((parameter) => parameter.in === place && !isElsewhere(parameter, credentials)),
      schemas,
    );
  const path = inPlace('path');
  return {
    path: path.isEmpty ? null : pathCheck(path, target),
    request: requestCheck(
      document,
      { query: inPlace('query'), header: inPlace('header'), cookie: inPlace('cookie') },
      schemas,
      bodyBytesMax,
    ),
    response: responseCheck(document.responses, schemas),
  };
};

const isElsewhere = ({ in: place, name }: ParameterDocument, credentials: readonly string[]): boolean =>
  place === 'header' && (OTHERWISE_DESCRIBED.includes(name.toLowerCase()) || credentials.includes(name.toLowerCase()));

/** The operation's policies with the check of its answers behind those of answers. */
export const withAnswerCheck = (mediation: Mediation | null, checks: MessageChecks | null, bodyBytesMax: number): Mediation | null => {
  const own = checks?.response ?? null;
  if (own === null) return mediation;
  const flow = mediation?.response ?? { steps: [], body: 'none' };
  const response: AnswerFlow = { steps: [...flow.steps, own.step], body: own.body === 'whole' ? 'whole' : flow.body };
  const encodings = own.body === 'whole' && flow.body !== 'whole' ? [plainAnswers] : [];
  const { request = [], fault = null, sends = false } = mediation ?? {};
  return { request: [...encodings, ...request], response, fault, bodyBytesMax, sends };
};

/** An answer that is looked into has to come as it is. */
const plainAnswers: Policy = ({ outbound }) => {
  for (let i = outbound.length - 2; i >= 0; i -= 2) if (outbound[i]?.toLowerCase() === 'accept-encoding') outbound.splice(i, 2);
  return undefined;
};

const pathCheck = (parameters: Parameters, target: string): Policy => {
  const read = pathReader(target);
  return ({ rest }) => badRequest(parameters.ofPath(read(comparablePath(rest.split('?', 1)[0] ?? '') ?? '')));
};

type Elsewhere = Readonly<Record<'query' | 'header' | 'cookie', Parameters>>;

const requestCheck = (
  document: MessagesDocument,
  { query, header, cookie }: Elsewhere,
  schemas: SchemaSet,
  bodyBytesMax: number,
): Policy => {
  const contents = new Contents(document.body?.content ?? [], schemas);
  const isRequired = document.body?.isRequired === true;
  const read = readRequestBody('whole', bodyBytesMax);
  const parameterMessages = ({ rest, outbound }: Exchange): readonly string[] => {
    const at = rest.indexOf('?');
    return [
      ...(query.isEmpty ? [] : query.ofQuery(at < 0 ? '' : rest.slice(at + 1))),
      ...(header.isEmpty ? [] : header.ofHeaders(outbound)),
      ...(cookie.isEmpty ? [] : cookie.ofCookies(headerOf(outbound, 'cookie'))),
    ];
  };
  const checked = (exchange: Exchange, messages: readonly string[], mediaType: string): Refusal | undefined => {
    const { body } = exchange;
    if (body === null || body.length === 0) return badRequest(isRequired ? [...messages, 'body is required'] : messages);
    return badRequest([...messages, ...contents.messages(mediaType, body, true)]);
  };
  return (exchange) => {
    const messages = parameterMessages(exchange);
    const hasBody = exchange.body === null ? exchange.bodyBytes !== 0 : exchange.body.length > 0;
    if (!hasBody) return badRequest(isRequired ? [...messages, 'body is required'] : messages);
    if (contents.isEmpty) return badRequest(messages);
    if (valuesOf(exchange.outbound, 'content-type').length > 1) return badRequest([...messages, 'Content-Type is there twice']);
    // A backend may take a body without a type for JSON, so that is what it has to be.
    const mediaType = mediaTypeOf(exchange.outbound) || 'application/json';
    if (contents.find(mediaType) === undefined) return badRequest([...messages, 'Content-Type is none of those that are defined']);
    // What is wrong already needs no more reading, and what is not looked into streams past.
    if (messages.length > 0 && exchange.body === null) return badRequest(messages);
    if (!contents.looksInto(mediaType)) return badRequest(messages);
    const ready = read(exchange);
    if (ready instanceof Promise) return ready.then((refusal) => refusal ?? checked(exchange, messages, mediaType));
    return ready ?? checked(exchange, messages, mediaType);
  };
};

const responseCheck = (documents: MessagesDocument['responses'], schemas: SchemaSet): MessageChecks['response'] => {
  const described = Object.entries(documents).map(([status, answer]) => [status.toUpperCase(), linkAnswer(answer, schemas)] as const);
  if (described.length === 0) return null;
  const byStatus = new Map(described);
  const step: AnswerStep = (answer, { request }) => {
    // That the client has the answer already is HTTP's to say, not the definition's.
    if (answer.status === 304) return undefined;
    const own = byStatus.get(String(answer.status)) ?? byStatus.get(`${Math.floor(answer.status / 100)}XX`) ?? byStatus.get('DEFAULT');
    if (own === undefined) return badResponse([`status ${answer.status} is not defined`]);
    const isBodiless = request.method === 'HEAD' || answer.status === 204;
    return badResponse([...own.headers.ofHeaders(answer.headers), ...(isBodiless ? [] : bodyMessages(own.contents, answer))]);
  };
  return { step, body: described.some(([, { contents }]) => contents.wantsBodies) ? 'whole' : 'none' };
};

interface LinkedAnswer {
  readonly headers: Parameters;
  readonly contents: Contents;
}

const linkAnswer = ({ headers, content }: AnswerDocument, schemas: SchemaSet): LinkedAnswer => ({
  headers: new Parameters(
    headers.filter(({ name }) => name.toLowerCase() !== 'content-type'),
    schemas,
  ),
  contents: new Contents(content, schemas),
});

const bodyMessages = (contents: Contents, { headers, body }: Answer): readonly string[] => {
  if (contents.isEmpty) return [];
  const mediaType = mediaTypeOf(headers);
  if (mediaType === '') return body === null || body.length === 0 ? [] : ['Content-Type is missing'];
  if (contents.find(mediaType) === undefined) return ['Content-Type is none of those that are defined'];
  if (body === null || !contents.looksInto(mediaType)) return [];
  if (headerOf(headers, 'content-encoding') !== null) return ['body is encoded'];
  return contents.messages(mediaType, body, false);
};
