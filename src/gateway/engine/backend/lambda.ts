import type { LambdaDocument } from '../../../domain/gateway-documents.js';
import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import type { Answer, AnswerStep, Mediation } from '../mediation/flows.js';
import type { Policy } from '../pipeline.js';
import { LambdaFailed } from '../refusal.js';
import { variableReader } from '../routing/path-variables.js';

/** The service's name in signatures. */
export const LAMBDA = 'lambda';

const WITHOUT_BODY: readonly string[] = ['GET', 'HEAD'];

/**
 * Turns the request into the call of an AWS function, which gets it as one JSON object (`reference/gateway.md` §7.2) and is waited for. The body has been
 * taken in before.
 */
export const callLambda = (target: string, { name, timeoutMs, isEncoded }: LambdaDocument): Policy => {
  const path = `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`;
  const resource = target.split('?', 1)[0] ?? target;
  const hasVariables = variableReader(target) !== undefined;
  return (exchange) => {
    const method = exchange.method ?? exchange.request.method ?? 'GET';
    const body = Buffer.from(
      JSON.stringify({
        headers: headersOf(exchange),
        pathParameters: hasVariables ? parametersOf(exchange) : {},
        queryStringParameters: queryOf(exchange.rest),
        httpMethod: method,
        path: resource,
        ...(!WITHOUT_BODY.includes(method) && { body: bodyOf(exchange.body, isEncoded) }),
        isBase64Encoded: isEncoded,
      }),
    );
    exchange.method = 'POST';
    exchange.rest = path;
    exchange.body = body;
    exchange.timeoutMs = timeoutMs;
    exchange.outbound.length = 0;
    exchange.outbound.push('Content-Type', 'application/json', 'Content-Length', String(body.length));
    return undefined;
  };
};

const bodyOf = (body: Buffer | null, isEncoded: boolean): string => {
  const bytes = body === null || body.length === 0 ? Buffer.from('{}') : body;
  return isEncoded ? bytes.toString('base64') : bytes.toString('utf8');
};

/** Headers by name; several of one name are joined. */
const headersOf = ({ outbound }: Exchange): Record<string, string> => {
  const headers = new Map<string, string>();
  for (let i = 0; i < outbound.length; i += 2) {
    const name = outbound[i] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? (outbound[i + 1] ?? '') : `${before}, ${outbound[i + 1] ?? ''}`);
  }
  return Object.fromEntries(headers);
};

const parametersOf = ({ variables }: Exchange): Record<string, string> =>
  Object.fromEntries(Array.from(variables ?? [], ([name, value]) => [name, decoded(value)]));

const queryOf = (rest: string): Record<string, string> => {
  const at = rest.indexOf('?');
  return at < 0 ? {} : Object.fromEntries(new URLSearchParams(rest.slice(at + 1)));
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // no UTF-8
  }
};

/** What the function gave is the answer; that it could not be called is answered with 400 and nothing else. */
const lambdaAnswer: AnswerStep = (answer: Answer) => {
  if (answer.status < 200 || answer.status > 299) return LambdaFailed;
  const length = headerOf(answer.headers, 'content-length');
  answer.status = 200;
  answer.headers = ['Content-Type', 'application/json', ...(length === null ? [] : ['Content-Length', length])];
  return undefined;
};

/** The policies of an operation that a function answers: its answer is put in order before they see it. */
export const withLambdaAnswer = (lambda: LambdaDocument | undefined, mediation: Mediation | null): Mediation | null => {
  if (lambda === undefined) return mediation;
  const { request, response, fault } = mediation ?? { request: [], response: null, fault: null };
  return {
    request,
    response: { steps: [lambdaAnswer, ...(response?.steps ?? [])], body: response?.body ?? 'none' },
    fault,
    bodyBytesMax: mediation?.bodyBytesMax ?? 0,
    sends: mediation?.sends ?? false,
  };
};
