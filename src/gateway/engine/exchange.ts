import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeyType } from '../../domain/gateway-documents.js';
import type { ApiKey } from './api-key.js';
import type { Call } from './call.js';
import type { Route } from './endpoint-group.js';
import type { Grant } from './grants.js';
import type { Limit } from './limits.js';
import type { LinkedApi, LinkedEndpoint, Operation } from './link.js';
import type { RefusalKind } from './refusal.js';
import type { VerifiedToken } from './tokens.js';

/** Everything one request carries through the pipeline. Fields a step has not reached yet hold their neutral value. */
export class Exchange {
  api: LinkedApi | null = null;
  operation: Operation | null = null;
  /** Path and query below the API's route, as sent until policies change it. */
  rest = '';
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

  isPreflight = false;
  /** CORS headers of the answer, names and values in turn; null when there are none. */
  cors: readonly string[] | null = null;

  token: VerifiedToken | null = null;
  apiKey: ApiKey | null = null;
  isAnonymous = false;
  /** Made with a test key, which needs neither scopes nor a subscription. */
  isTest = false;
  grant: Grant | null = null;
  keyType: KeyType = 'PRODUCTION';
  endpoint: LinkedEndpoint | null = null;
  /** The way through a group of endpoints; null where there is but one. */
  route: Route | null = null;
  /** Whether the backend refused the gateway's credentials once already. */
  isReauthorized = false;
  /** Limits to be charged with the body's length once it is known. */
  bodyLimits: readonly Limit[] | null = null;

  status = 0;
  outcome: RefusalKind = 'other';
  /** When the backend was asked and how long it took, milliseconds; 0 when it was not. */
  backendStartedAt = 0;
  backendMs = 0;
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
  ) {}
}
