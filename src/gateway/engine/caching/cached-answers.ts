import { hash } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import { isSecretName } from '../mediation/mediation-log.js';
import type { Policy } from '../pipeline.js';
import { type Refusal, Reply } from '../refusal.js';
import { keyOf } from './answer-keys.js';
import { ForgettingRecorder, KeepingRecorder } from './answer-recorder.js';
import { cacheControlOf, secondsOf } from './cache-control.js';
import { isNotModified, notModifiedHeaders } from './conditions.js';
import type { KeptAnswer, KeptAnswers } from './response-cache.js';

/** Requests that ask for something else than the whole answer as it is now, or only if something holds for the backend. */
const UNKEPT = ['range', 'if-match', 'if-unmodified-since', 'if-range'];

/** What servers and frameworks take for the address or the method of a request (as lists of unkeyed headers name them). */
const STEERING: ReadonlySet<string> = new Set([
  'forwarded',
  'host',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-proto',
  'x-forwarded-protocol',
  'x-forwarded-scheme',
  'x-forwarded-server',
  'x-forwarded-ssl',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-url',
  'x-rewrite-url',
  'x-url-scheme',
  'front-end-https',
]);
/** Set by the gateway anew for each request or caller; callers are told apart otherwise. */
const OF_EACH_REQUEST: ReadonlySet<string> = new Set(['activityid', 'authorization', 'traceparent', 'x-jwt-assertion']);

/** An answer from memory: neither the backend nor the response policies see it. */
class CachedReply extends Reply {
  override readonly isMediated = true;

  constructor(status: number, headers: readonly string[], body: Buffer) {
    super(status, body, headers, null);
  }
}

/**
 * Answers from memory what was answered before, and has what the backend answers recorded (RFC 9111 as a cache for everybody, but answers that do not say
 * `public` are kept for the credential they were given to alone). `certificateHeader` is the one that load balancers pass clients' certificates on in. Stands
 * right before the choice of the endpoint.
 */
export const cachedAnswers = (answers: KeptAnswers, seconds: number, certificateHeader: string): Policy => {
  return (exchange) => {
    const { request, outbound, tunnel } = exchange;
    // Who wants to leave HTTP is not answered with what others got who stayed.
    if (tunnel !== null) return undefined;
    const method = request.method ?? 'GET';
    if ((exchange.method ?? method) !== method || (method !== 'GET' && method !== 'HEAD')) return undefined;
    if (exchange.bodyBytes !== 0 || exchange.body !== null) return undefined;
    // Who leaves HTTP wants no answer, and what policies send elsewhere is not this resource.
    if (exchange.tunnel !== null || exchange.destination !== null) return undefined;
    if (UNKEPT.some((name) => headerOf(outbound, name) !== null)) return undefined;
    const control = cacheControlOf(outbound);
    if (control.has('no-store')) return undefined;
    const place = placeOf(exchange);
    const identity = identityOf(exchange, certificateHeader);
    const { now } = exchange;
    if (!isFreshWanted(control, outbound)) {
      const known = knownAnswer(answers, [`${place} ${identity}`, `${place} public`], outbound, now);
      const ageMax = secondsOf(control, 'max-age');
      if (known !== undefined && (ageMax === null || now - known.madeAt <= ageMax * 1_000)) return replyWith(known, outbound, now);
    }
    // Answers to HEAD have no body that a GET could be answered with.
    if (method === 'GET') {
      exchange.keeper = new KeepingRecorder(
        answers,
        exchange.rest,
        { own: `${place} ${identity}`, open: `${place} public` },
        [...outbound],
        seconds,
      );
    }
    return undefined;
  };
};

/** What is asked for: everything but the caller that leads to one answer or another. */
const placeOf = (exchange: Exchange): string => {
  const { keyType, secure, host, rest, to, variables } = exchange;
  const place = `${keyType} ${secure ? 'https' : 'http'}://${host} ${rest}`;
  const others = [...(to === null ? [] : ['to', to]), ...Array.from(variables ?? []).flat(), ...steeringHeaders(exchange)];
  return others.length === 0 ? place : `${place} ${JSON.stringify(others)}`;
};

/**
 * Headers that make backends answer otherwise without saying so in `Vary`: those that put another host, scheme, method or path in the place of the
 * request's, and those that policies have set. Whoever sends them gets answers of their own, and nobody else's.
 */
const steeringHeaders = ({ outbound, operation, request: { rawHeaders } }: Exchange): readonly string[] => {
  const hasPolicies = operation?.mediation != null && operation.mediation.request.length > 0;
  const sent = hasPolicies ? new Set(pairsOf(rawHeaders)) : null;
  const steering: string[] = [];
  for (let i = 0; i < outbound.length; i += 2) {
    const name = (outbound[i] ?? '').toLowerCase();
    const value = outbound[i + 1] ?? '';
    const isSetHere = sent !== null && !OF_EACH_REQUEST.has(name) && !sent.has(`${name}:${value}`);
    if (isSetHere || STEERING.has(name.replaceAll('_', '-'))) steering.push(name, value);
  }
  return steering;
};

const pairsOf = (headers: readonly string[]): readonly string[] => {
  const pairs: string[] = [];
  for (let i = 0; i < headers.length; i += 2) pairs.push(`${(headers[i] ?? '').toLowerCase()}:${headers[i + 1] ?? ''}`);
  return pairs;
};

const isFreshWanted = (control: ReadonlyMap<string, string>, headers: readonly string[]): boolean =>
  control.has('no-cache') || (control.size === 0 && headerOf(headers, 'pragma')?.includes('no-cache') === true);

const knownAnswer = (answers: KeptAnswers, places: readonly string[], outbound: readonly string[], now: number): KeptAnswer | undefined => {
  for (const place of places) {
    const names = answers.varying.get(place);
    const known = names && answers.get(keyOf(place, names, outbound), now);
    if (known !== undefined) return known;
  }
  return undefined;
};

/** Lets go of what was answered before about a place that a request changes. */
export const forgottenAnswers =
  (answers: KeptAnswers): Policy =>
  (exchange) => {
    exchange.keeper = new ForgettingRecorder(answers, exchange.rest);
    return undefined;
  };

/** Who asks: whatever the request was let through with, and whatever the backend could know the caller by. */
const identityOf = (exchange: Exchange, certificateHeader: string): string => {
  const { authorization, presentedKey, internalKey, apiKey, client, grant, outbound, request } = exchange;
  const { socket } = request;
  const parts = [
    authorization,
    presentedKey,
    internalKey,
    client?.certificate.fingerprint ?? null,
    socket instanceof TLSSocket ? (socket.getPeerX509Certificate()?.fingerprint256 ?? null) : null,
    apiKey?.facts.keyId ?? null,
    grant?.applicationId ?? null,
    ...credentialsIn(outbound, certificateHeader),
  ];
  return parts.every((part) => part === null) ? 'anyone' : hash('sha256', JSON.stringify(parts), 'base64url');
};

/** Headers that backends may know a caller by, whatever they are called. */
const credentialsIn = (outbound: readonly string[], certificateHeader: string): readonly string[] => {
  const found: string[] = [];
  for (let i = 0; i < outbound.length; i += 2) {
    const name = (outbound[i] ?? '').toLowerCase();
    if (name === certificateHeader || isSecretName(name)) found.push(name, outbound[i + 1] ?? '');
  }
  return found;
};

const replyWith = (answer: KeptAnswer, request: readonly string[], now: number): Refusal => {
  const age = ['Age', String(Math.max(0, Math.floor((now - answer.madeAt) / 1_000)))];
  if (isNotModified(request, answer)) return new CachedReply(304, [...notModifiedHeaders(answer.headers), ...age], Buffer.alloc(0));
  return new CachedReply(answer.status, [...answer.headers, ...age], answer.body);
};
