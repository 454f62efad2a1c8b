import type { KeyType } from '../../domain/gateway-documents.js';
import type { ProxiedHosts } from '../../domain/proxied-hosts.js';
import type { BackendJwtSettings } from './credentials/backend-jwts.js';
import type { SignRequest } from './credentials/signatures.js';
import type { UsedToken } from './mediation/one-time-tokens.js';
import type { ApiFigures } from './observability/figures.js';
import type { ObservabilitySettings } from './observability/settings.js';
import type { ScriptLimits } from './scripts/isolate.js';
import type { ConditionSettings } from './throttling/conditional-groups.js';
import type { LeaseQuestion, LeaseSettings } from './throttling/leases.js';
import type { LimitKind } from './throttling/limits.js';
import type { RateLimitHeaderSettings } from './throttling/rate-limit-headers.js';

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
  readonly tls: TlsSettings | null;
  /** Whether the HTTPS port offers HTTP/2. */
  readonly http2: boolean;
  /** Requests at a time on one HTTP/2 connection. */
  readonly http2StreamsMax: number;
  /** Share the ports with the other workers. */
  readonly reusePort: boolean;
  /** Names of the environments this gateway serves; API documents of others are passed over. */
  readonly labels: readonly string[];
  readonly headerBytesMax: number;
  readonly clientIdleMs: number;
  readonly upstreamTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly connectionsPerBackend: number;
  /** Whether backends over TLS are offered HTTP/2. */
  readonly backendHttp2: boolean;
  /** The forward proxy to backends; null: there is none. */
  readonly proxy: ProxySettings | null;
  /** Which conditions of advanced throttling policies are looked at. */
  readonly conditions: ConditionSettings;
  readonly rateLimitHeaders: RateLimitHeaderSettings;
  /** Addresses and CIDR networks whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Header of the access token for APIs that name none of their own. */
  readonly authHeader: string;
  readonly enableOutboundAuthHeader: boolean;
  readonly verifiedTokensMax: number;
  readonly apiKeysMax: number;
  /** What the worker's thread may fill, megabytes. */
  readonly memoryMb: number;
  readonly apiKeySigners: readonly ApiKeySigner[];
  /** Whether `/jwks` answers with the tenants' public keys. */
  readonly servesJwks: boolean;
  /** How long the answer about a token that was asked for is believed. */
  readonly verdictMs: number;
  /** Whether a request that a backend answers with 401 is sent once more with a new token. */
  readonly retriesWithNewToken: boolean;
  /** Addresses of AWS services; empty: where AWS has them. */
  readonly awsLambdaUrl: string;
  readonly awsStsUrl: string;
  /** What one run of a script of a user may take. */
  readonly scripts: ScriptLimits;
  /** Absent: backends are not told who calls. */
  readonly backendJwt?: BackendJwtSettings;
  readonly clientCertificates: ClientCertificateSettings;
  /** Bodies that policies or checks read are held in memory up to this size. */
  readonly mediatedBodyBytesMax: number;
  /** Memory for answers that are kept, of one worker. */
  readonly responseCacheBytesMax: number;
  /** From `createCounterTable`; the same buffer for every worker of the process. */
  readonly counters: SharedArrayBuffer;
  /** Limits that are shared with other gateways, by the store of their counters; without a store they are this process's own. */
  readonly leases?: LeaseSettings;
  /** Absent: nothing is written down but the usage. */
  readonly observability?: ObservabilitySettings;
}

/** A forward proxy and the hosts that are reached through it. */
export interface ProxySettings extends ProxiedHosts {
  readonly protocol: 'http' | 'https';
  readonly host: string;
  readonly port: number;
  /** Empty: the proxy asks for no credentials. */
  readonly username: string;
  readonly password: string;
}

/** Certificates of the HTTPS port, all as PEM. */
export interface TlsSettings {
  readonly key: string;
  readonly cert: string;
  /** Further ones for single host names; `*.` stands for one label. */
  readonly hosts?: readonly HostCertificate[];
}

export interface HostCertificate {
  readonly names: readonly string[];
  readonly key: string;
  readonly cert: string;
}

/** How clients' certificates are taken, `[apimgt.mutual_ssl]`. */
export interface ClientCertificateSettings {
  /** Header in which a load balancer passes on the certificate of its client. */
  readonly header: string;
  /** Whether load balancers show a certificate of their own; otherwise they are known by their address. */
  readonly validatesClients: boolean;
  readonly isEncoded: boolean;
  /** Whether a header that is believed goes on to the backend. */
  readonly isForwarded: boolean;
  /** Whether a certificate counts that one of the API's certificates has issued. */
  readonly followsChains: boolean;
  /** Certificates of load balancers, or of who issued them, as PEM. */
  readonly trustedProxies: readonly string[];
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
  | { readonly type: 'certificate'; readonly tls: TlsSettings }
  /** What a `token-question` of this id comes to. */
  | { readonly type: 'token-verdict'; readonly id: number; readonly verdict: TokenVerdict }
  /** The signature a `sign-question` of this id asked for; null when it cannot be had. */
  | { readonly type: 'signed'; readonly id: number; readonly jws: string | null }
  /** What a `login-question` of this id comes to. */
  | { readonly type: 'login-verdict'; readonly id: number; readonly verdict: LoginVerdict }
  /** What `lease-questions` of these ids asked for has been granted, as far as it can be: the counter table has it. */
  | { readonly type: 'lease-answers'; readonly store: LimitKind; readonly ids: readonly number[] }
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
  /** A token that was good for one request has been used; the worker knows already, all others are to be told. */
  | { readonly type: 'token-used'; readonly token: UsedToken }
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
  /** Whether a name and a password belong together. */
  | { readonly type: 'login-question'; readonly id: number; readonly question: LoginQuestion }
  /** A token of the key manager is signed with a key that the worker does not know: it may be a new one. */
  | { readonly type: 'key-wanted'; readonly organization: string; readonly keyManager: string }
  /** Limits that are shared with other gateways need more than was granted to this one. */
  | { readonly type: 'lease-questions'; readonly store: LimitKind; readonly questions: readonly LeaseQuestion[] }
  /** Something is to be signed with the tenant's key, answered by `signed`. */
  | { readonly type: 'sign-question'; readonly id: number; readonly request: SignRequest }
  /** Lines of the access log, and how many there was no room for. */
  | { readonly type: 'access-lines'; readonly text: string; readonly dropped: number }
  /** Lines of the logs that are switched on while requests run. */
  | { readonly type: 'log-lines'; readonly log: 'api' | 'correlation'; readonly text: string; readonly dropped: number }
  | { readonly type: 'figures'; readonly figures: readonly ApiFigures[] }
  /** A JSON array of `TraceRecord`s, and how many there was no room for. */
  | { readonly type: 'traces'; readonly traces: string; readonly dropped: number }
  /** All endpoints that rest now; sent when that changes. */
  | { readonly type: 'suspended'; readonly endpoints: readonly SuspendedEndpoint[] }
  | { readonly type: 'drained' };

/** An endpoint that takes no requests for a while. */
export interface SuspendedEndpoint {
  readonly organization: string;
  /** Its address, without query and credentials. */
  readonly endpoint: string;
}

export interface LoginQuestion {
  /** With its tenant. */
  readonly name: string;
  readonly password: string;
  /** The client's. */
  readonly address: string;
}

/** What the user store says to a name and a password. */
export type LoginVerdict =
  | { readonly outcome: 'active'; readonly name: string; readonly roles: readonly string[] }
  /** A wrong name or password, or an account that is locked. */
  | { readonly outcome: 'refused' }
  /** Too many logins fail or wait. */
  | { readonly outcome: 'busy' }
  /** The user store could not be asked. */
  | { readonly outcome: 'unknown' };

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
  /** What else its user is called there, besides `subject`. */
  readonly userNames: readonly string[];
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
  /** Refused by authentication, subscription, scope, audience or a deny policy. */
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
