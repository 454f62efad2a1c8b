import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyType } from '../../domain/gateway-documents.js';
import type { Call } from './backend/call.js';
import type { Route } from './backend/endpoint-group.js';
import type { AnswerRecorder } from './caching/answer-recorder.js';
import type { ApiKey } from './credentials/api-key.js';
import type { CertifiedClient } from './credentials/client-certificates.js';
import type { LoggedInUser } from './credentials/direct-caller.js';
import type { VerifiedToken } from './credentials/tokens.js';
import type { Tunnel } from './front/tunnel.js';
import type { LinkedApi, LinkedDestination, LinkedEndpoint, Operation } from './link.js';
import type { LoggedExchange } from './observability/logged-exchange.js';
import type { Recorder } from './observability/recorder.js';
import type { Trace } from './observability/tracing.js';
import type { RefusalKind } from './refusal.js';
import type { PathVariables } from './routing/path-variables.js';
import type { ExchangeMessage } from './sequences/exchange-message.js';
import type { Grant } from './throttling/grants.js';
import type { RequestLimits } from './throttling/request-limits.js';

/** Everything one request carries through the pipeline. Fields a step has not reached yet hold their neutral value. */
export class Exchange {
  api: LinkedApi | null = null;
  operation: Operation | null = null;
  /** Path and query below the API's route, as sent until policies change it. */
  rest = '';
  /** What the path's variables stand for; null where nothing asks for them. */
  variables: PathVariables | null = null;
  /** How long the backend may take, where that is not the endpoint's own to say; milliseconds. */
  timeoutMs: number | null = null;
  /** The method towards the backend, where a policy changed it. */
  method: string | null = null;
  /** The client's `Accept`, where a policy keeps it. */
  accept: string | null = null;
  /** The request's body, where a policy wanted all of it or it may have to be sent again; otherwise it streams past. */
  body: Buffer | null = null;

  /** Request headers on their way to the backend: names and values in turn. */
  readonly outbound: string[] = [];
  /** Value of the API's authorization header. */
  authorization: string | null = null;
  /** Value of the API's API key header. */
  presentedKey: string | null = null;
  /** A publisher's test key. */
  internalKey: string | null = null;
  origin: string | null = null;
  requestedMethod: string | null = null;
  requestedHeaders: string | null = null;
  host = '';
  forwardedFor: string | null = null;
  /** Bytes of the body: -1 when they are not known beforehand, 0 when there is none. */
  bodyBytes = 0;

  /** What the client named the request, or what we did; null for one without a name. */
  correlationId: string | null = null;
  /** The test key that asks for an explanation. */
  explain: string | null = null;
  /** Null for a request whose steps nobody wants to know. */
  recorder: Recorder | null = null;
  trace: Trace | null = null;
  /** What is written of it to the log of its API; null where nothing is. */
  apiLog: LoggedExchange | null = null;

  isPreflight = false;
  /** CORS headers of the answer, names and values in turn; null when there are none. */
  cors: readonly string[] | null = null;

  token: VerifiedToken | null = null;
  apiKey: ApiKey | null = null;
  /** Who called with a name and a password, and which client with a certificate. */
  user: LoggedInUser | null = null;
  client: CertifiedClient | null = null;
  isAnonymous = false;
  /** The test key it was made with. */
  testKey: VerifiedToken | null = null;
  grant: Grant | null = null;
  keyType: KeyType = 'PRODUCTION';
  endpoint: LinkedEndpoint | null = null;
  /** The exchange as policies written by users see it; null until the first of them runs. */
  message: ExchangeMessage | null = null;
  /** The target that a policy names, for an API whose backend is where its policies say; null while none has. */
  to: string | null = null;
  /** Where a policy has sent the request, in place of the API's endpoint; the policies after it do not run. */
  destination: LinkedDestination | null = null;
  /** The way through a group of endpoints; null where there is but one. */
  route: Route | null = null;
  /** Whether the backend refused the gateway's credentials once already. */
  isReauthorized = false;
  /** When its checks went on, epoch milliseconds: later than `now` once one of them had to wait. */
  resumedAt: number;
  /** The limits it passed; some are charged with what becomes known later. */
  limits: RequestLimits | null = null;
  /** For how long it waited for what other gateways left of them, milliseconds. */
  waitedMs = 0;
  /** When it was charged to them, epoch milliseconds. */
  chargedAt = 0;
  /** Whether a plan that does not stop there is used up. */
  isOverQuota = false;
  /** What the caller is told of its limits, names and values in turn; null for nothing. */
  rateLimit: readonly string[] | null = null;

  status = 0;
  outcome: RefusalKind = 'other';
  /** When the backend was asked and how long it took, milliseconds; 0 when it was not. */
  backendStartedAt = 0;
  backendMs = 0;
  /** Bytes of the answer's body. */
  sentBytes = 0;
  /** Of a request to leave HTTP; null for any other. */
  tunnel: Tunnel | null = null;
  /** Keeps the backend's answer for the next who asks; null where nobody wants it kept. */
  keeper: AnswerRecorder | null = null;
  /** The request to the backend, which is given up when the client goes away. */
  call: Call | null = null;

  constructor(
    readonly request: IncomingMessage,
    readonly reply: ServerResponse,
    readonly secure: boolean,
    /** Epoch milliseconds. */
    readonly now: number,
    /** Monotonic milliseconds. */
    readonly startedAt: number,
  ) {
    this.resumedAt = now;
  }

  /** Goes on after waiting: the time from now on, or undefined when nobody waits for the answer any more. */
  resume(): number | undefined {
    if (this.reply.destroyed) return undefined;
    this.resumedAt = Date.now();
    return this.resumedAt;
  }

  /** Made with a test key, which needs neither scopes nor a subscription. */
  get isTest(): boolean {
    return this.testKey !== null;
  }
}
