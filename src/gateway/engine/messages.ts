import type { KeyType } from '../../domain/gateway-documents.js';

/**
 * What a worker is started with, as `workerData`. Plain values only: the object crosses a thread boundary. Times are in milliseconds.
 */
export interface WorkerSettings {
  /** Address to listen on. */
  readonly host: string;
  /** 0 lets the system choose, which only one worker may do. */
  readonly httpPort: number;
  /** Null, or no `tls`, leaves HTTPS closed. */
  readonly httpsPort: number | null;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Share the ports with the other workers. */
  readonly reusePort: boolean;
  /** Names of the environments this gateway serves; API documents of others are passed over. */
  readonly labels: readonly string[];
  readonly headerBytesMax: number;
  readonly clientIdleMs: number;
  readonly upstreamTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly connectionsPerBackend: number;
  /** Addresses and CIDR networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Header of the access token for APIs that name none of their own. */
  readonly authHeader: string;
  readonly enableOutboundAuthHeader: boolean;
  readonly verifiedTokensMax: number;
  readonly apiKeysMax: number;
  readonly apiKeySigners: readonly ApiKeySigner[];
  /** Whether `/jwks` answers with the tenants' public keys. */
  readonly servesJwks: boolean;
  /** How long the answer about a token that was asked for is believed. */
  readonly verdictMs: number;
  /** From `createCounterTable`; the same buffer for every worker of the process. */
  readonly counters: SharedArrayBuffer;
}

/** Who signed API keys of older releases: the `kid` those carry, and a certificate or public key as PEM. */
export interface ApiKeySigner {
  readonly alias: string;
  readonly certificate: string;
}

/** Main thread → worker. */
export type ToWorker =
  /**
   * Feed rows as a JSON list, in ascending `seq`. As text they are written once for all workers; the first batches hold everything the gateway should know
   * before it listens.
   */
  | { readonly type: 'documents'; readonly rows: string }
  /** The HTTPS port's certificate from now on. */
  | { readonly type: 'certificate'; readonly tls: NonNullable<WorkerSettings['tls']> }
  /** What a `token-question` of this id comes to. */
  | { readonly type: 'token-verdict'; readonly id: number; readonly verdict: TokenVerdict }
  /** Opens the ports; sent once, after the first documents. */
  | { readonly type: 'listen' }
  /** Stops accepting, lets running requests end for at most `deadlineMs`, answers `drained`; the thread then exits by itself. */
  | { readonly type: 'stop'; readonly deadlineMs: number };

/** Worker → main thread. */
export type FromWorker =
  | { readonly type: 'listening'; readonly httpPort: number; readonly httpsPort: number | null }
  /** The ports could not be opened; the worker exits. */
  | { readonly type: 'failed'; readonly error: string }
  | ApiAck
  | { readonly type: 'usage'; readonly records: readonly UsageRecord[] }
  | { readonly type: 'key-uses'; readonly uses: readonly ApiKeyUse[] }
  | { readonly type: 'warning'; readonly message: string; readonly detail: Readonly<Record<string, unknown>> }
  /** A line that a policy of an API writes. */
  | { readonly type: 'policy-log'; readonly text: string; readonly detail: Readonly<Record<string, unknown>> }
  /** A token that cannot be checked by the documents: an opaque one, or one whose key manager (null: whoever it may be) wants to be asked. */
  | {
      readonly type: 'token-question';
      readonly id: number;
      readonly organization: string;
      readonly keyManager: string | null;
      readonly token: string;
    }
  /** A token of the key manager is signed with a key that the worker does not know: it may be a new one. */
  | { readonly type: 'key-wanted'; readonly organization: string; readonly keyManager: string }
  | { readonly type: 'drained' };

/** What is known of a token that was asked for. */
export type TokenVerdict =
  | ActiveToken
  /** Nobody's, or revoked. */
  | { readonly outcome: 'inactive' }
  /** It was live once. */
  | { readonly outcome: 'expired' }
  /** Whoever knows could not be asked. */
  | { readonly outcome: 'unknown' };

export interface ActiveToken {
  readonly outcome: 'active';
  /** The key manager it is of, and the organization that owns that one. */
  readonly keyManager: string;
  readonly owner: string;
  readonly consumerKey: string;
  readonly subject: string;
  readonly entityId: string;
  readonly jti: string;
  /** Epoch seconds; 0 when it is not known. */
  readonly issuedAt: number;
  /** Epoch seconds; null for a token without end. */
  readonly expiresAt: number | null;
  readonly scopes: readonly string[];
  readonly audiences: readonly string[];
  /** Whether it acts for a user; null when that is not known. */
  readonly isUser: boolean | null;
}

/** What became of one `api` row of this gateway's environments: deployed, undeployed (`revisionId` null), or refused. */
export interface ApiAck {
  readonly type: 'ack';
  readonly seq: number;
  readonly organization: string;
  /** The row's key, `<apiId>:<environment>`. */
  readonly apiKey: string;
  readonly apiId: string;
  readonly environment: string;
  readonly revisionId: string | null;
  readonly ok: boolean;
  /** Why the document does not link; the version served before stays in force. */
  readonly error?: string;
}

/** When an API key was last used, epoch milliseconds. */
export interface ApiKeyUse {
  readonly keyId: string;
  readonly usedAt: number;
}

/** Requests of one minute that agree in every dimension. Records of one minute may come in several parts; they add up. */
export interface UsageRecord {
  /** Start of the minute, epoch milliseconds. */
  readonly minute: number;
  readonly organization: string;
  readonly environment: string;
  readonly apiId: string;
  readonly revisionId: string;
  readonly method: string;
  /** The operation's path template. */
  readonly target: string;
  /** Null for callers without an application: anonymous, refused before they were known, or without a mapping. */
  readonly applicationId: string | null;
  readonly keyType: KeyType;
  readonly hits: number;
  /** Answers by class, 1xx to 5xx, as the client saw them. */
  readonly statuses: readonly [number, number, number, number, number];
  /** Refused by a limit (429 or 503 of throttling). */
  readonly throttled: number;
  /** Refused by authentication, subscription, scope or audience. */
  readonly refused: number;
  /** Answered with a fault of the gateway because the backend failed. */
  readonly faults: number;
  /** Client hung up before the answer was complete. */
  readonly aborted: number;
  /** Sum over the hits, from the request's head to the answer's last byte, milliseconds. */
  readonly latencyMs: number;
  readonly latencyMaxMs: number;
  /** Sum over the hits that reached the backend, until its answer's last byte, milliseconds. */
  readonly backendLatencyMs: number;
  readonly backendHits: number;
}
