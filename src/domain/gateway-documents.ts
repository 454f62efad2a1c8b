import type { ApiLogLevelDocument } from './api-logging.js';
import type { ConditionalGroup } from './conditional-groups.js';
import type { CorrelationDocument } from './correlation.js';
import type { CustomRuleDocument } from './custom-rules.js';
import type { DenyRuleDocument } from './deny-rules.js';
import type { QuotaResets } from './quota-resets.js';
import type { BackendLimitsDocument, Burst, PolicyLevel, Quota } from './throttling.js';

/** The feed's documents: everything a gateway knows, one row per organization, kind and key (design §2). */
export interface GatewayDocuments {
  api: ApiDocument;
  application: ApplicationDocument;
  subscription: SubscriptionDocument;
  'key-mapping': KeyMappingDocument;
  'api-key': ApiKeyDocument;
  policy: PolicyDocument;
  'custom-rule': CustomRuleDocument;
  'deny-rule': DenyRuleDocument;
  'key-manager': KeyManagerDocument;
  'revoked-token': RevokedTokenDocument;
  'endpoint-certificate': EndpointCertificateDocument;
  'gateway-policies': GatewayPoliciesDocument;
  accounts: AccountsDocument;
  settings: SettingsDocument;
  organization: OrganizationDocument;
  'api-log-level': ApiLogLevelDocument;
  correlation: CorrelationDocument;
}

export type DocumentKind = keyof GatewayDocuments;

/** One row of the feed. A deleted row keeps its key and loses its body. */
export type FeedRow = {
  [K in DocumentKind]: {
    readonly seq: number;
    readonly organization: string;
    readonly kind: K;
    readonly key: string;
    readonly body: GatewayDocuments[K] | null;
  };
}[DocumentKind];

export type KeyType = 'PRODUCTION' | 'SANDBOX';
export const AUTH_TYPES = ['None', 'Application', 'Application User', 'Application & Application User'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

/** What carries attached policies. */
export interface PolicyCarrierDocument {
  /** The texts of the policies that users have written, by the `definitionKey` of their attachments; absent when there are none. */
  readonly definitions?: Readonly<Record<string, PolicyDefinitionDocument>>;
  /** Whether any attachment has `secrets`. */
  readonly hasPolicySecrets?: true;
}

/** What a user has written. */
export interface PolicyDefinitionDocument {
  /** The template of a sequence as XML, or a script. */
  readonly text: string;
  readonly language: 'sequence' | 'javascript';
}

/** Key: `<apiId>:<environment>`. A ready plan for one deployed revision in one environment. */
export interface ApiDocument extends PolicyCarrierDocument {
  readonly apiId: string;
  readonly revisionId: string;
  readonly environment: string;
  readonly vhost: string;
  readonly name: string;
  readonly version: string;
  /** With the tenant prefix; `{version}` already resolved, so it may hold the version. */
  readonly context: string;
  /** `context` + `/version`, or `context` alone when the template embeds the version: where the API answers. */
  readonly path: string;
  readonly provider: string;
  readonly type: string;
  /** Life-cycle state in upper case. */
  readonly status: string;
  readonly isDefaultVersion: boolean;
  readonly transports: readonly string[];
  readonly securityScheme: readonly string[];
  readonly authorizationHeader: string;
  readonly apiKeyHeader: string;
  readonly keyManagers: readonly string[];
  readonly audiences: readonly string[];
  /** Of an API that takes passwords: the roles that may use its scopes, by scope; none means everybody. */
  readonly scopeRoles?: Readonly<Record<string, readonly string[]>>;
  /** Of an API that takes client certificates. */
  readonly clientCertificates?: readonly ClientCertificateDocument[];
  /** Which keys the environment is for; absent in one for both. */
  readonly environmentType?: KeyType;
  /** API-level policy; null or `Unlimited` leaves the operations' policies in force. */
  readonly apiThrottlingPolicy: string | null;
  /** Absent where backends take any number of requests. */
  readonly backendLimits?: BackendLimitsDocument;
  /** True when only a subscriptionless plan is attached: any valid token works without a subscription. */
  readonly subscriptionless: boolean;
  readonly cors: CorsDocument | null;
  readonly operations: readonly OperationDocument[];
  readonly endpoints: BackendDocument;
  /** What the API is told in this environment alone, for its policies to read; absent when there is nothing. */
  readonly environmentProperties?: Readonly<Record<string, string>>;
  /** Whether its clients may leave HTTP for WebSocket; absent where not. */
  readonly allowsUpgrades?: true;
  /** Absent for an API with a backend: its operations answer with their mocks instead. */
  readonly isMock?: true;
  /** Policies of all its operations, which run before their own; absent when there are none. */
  readonly policies?: PolicyFlowsDocument;
  /** What the schemas of its operations' `messages` share; absent where messages are not checked. */
  readonly validation?: ValidationDocument;
  /** How long answers are kept at most, seconds; absent where none are. */
  readonly cacheSeconds?: number;
  /** Of a product: the backends its operations choose from. */
  readonly backends?: readonly BackendDocument[];
}

/** A certificate by which a client may call an API. */
export interface ClientCertificateDocument {
  readonly alias: string;
  readonly keyType: KeyType;
  /** The subscription policy that calls with it are under. */
  readonly tier: string;
  /** The certificate first, then those of its chain that came with it. */
  readonly pem: string;
}

/** Attached policies in the order in which they run. */
export interface PolicyFlowsDocument {
  readonly request: readonly AttachedPolicyDocument[];
  readonly response: readonly AttachedPolicyDocument[];
  readonly fault: readonly AttachedPolicyDocument[];
}

export interface LambdaDocument {
  /** Name or ARN of the function. */
  readonly name: string;
  /** How long the whole call may take, milliseconds. */
  readonly timeoutMs: number;
  /** Whether the function gets the body as base64. */
  readonly isEncoded: boolean;
}

/**
 * JSON texts of the schemas that are used in more than one place: JSON Schema 2020-12, whatever the definition is written in. A schema stands for the one
 * at an index by the keyword `x-shared`, or by `$ref` to `shared:<index>` where keywords look through references. With `unusable` the definition is one
 * that nothing can be checked against, and the API is not served.
 */
export type ValidationDocument = { readonly schemas: readonly string[] } | { readonly unusable: string };

/** The messages of one operation, as its definition describes them. */
export interface MessagesDocument {
  readonly parameters: readonly ParameterDocument[];
  /** Absent where the definition does not describe one: then any will do. */
  readonly body?: { readonly isRequired: boolean; readonly content: readonly ContentDocument[] };
  /** By status (`200`, `2XX`, `default`); none at all leaves answers alone. */
  readonly responses: Readonly<Record<string, AnswerDocument>>;
}

export interface AnswerDocument {
  readonly headers: readonly ParameterDocument[];
  /** Empty where the definition names no media type. */
  readonly content: readonly ContentDocument[];
}

/** A media type, perhaps a range of them, and the schema of its bodies as JSON text. */
export interface ContentDocument {
  readonly type: string;
  readonly schema?: string;
}

export interface ParameterDocument {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header' | 'cookie';
  readonly isRequired: boolean;
  /** How OpenAPI 3 writes the value; `json` where it is a JSON text. */
  readonly style: string;
  readonly isExploded: boolean;
  readonly shape: 'text' | 'list' | 'object';
  /** Names of an object's properties, which are parameters of their own when it is exploded. */
  readonly properties?: readonly string[];
  /** JSON text. */
  readonly schema: string;
}

/** What an operation answers while there is no backend. */
export interface MockDocument {
  /** The status of an answer when nobody asks for another; `default` for none in particular. */
  readonly usual: string;
  /** Payloads as text, by status (`200`, `2XX`, `default`). */
  readonly responses: Readonly<Record<string, { readonly json?: string; readonly xml?: string }>>;
  /** JavaScript that somebody wrote, which says all of the answer by itself. */
  readonly script?: string;
}

export interface AttachedPolicyDocument {
  readonly name: string;
  readonly version: string;
  /** Whether it is the shipped one, which the gateway has built in, and no other of that name. */
  readonly isBuiltIn: boolean;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Names the text among the document's `definitions`; absent for a policy that nobody has written. */
  readonly definitionKey?: string;
  /** Names of the parameters that are sealed as at rest. Opened in the gateway's main process for its workers; null: they could not be. */
  readonly secrets?: readonly string[] | null;
  /** The text itself, in place of the `definitionKey`: the template of a sequence as XML, or a script. */
  readonly definition?: string;
  /** Of `definition`; `sequence` when it is absent. */
  readonly language?: 'sequence' | 'javascript';
}

/** Where requests go, by the key type of their credential. */
export interface BackendDocument {
  readonly production: EndpointDocument | null;
  readonly sandbox: EndpointDocument | null;
  /** There is no address: the API's policies say where a request goes. */
  readonly isDynamic?: true;
  /** Sequences as XML that run in place of an endpoint of the key type. */
  readonly productionSequence?: string;
  readonly sandboxSequence?: string;
}

export interface CorsDocument {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly credentials: boolean;
}

export interface OperationDocument {
  readonly method: string;
  /** Path template below the API's path, for example `/pets/{petId}`. */
  readonly target: string;
  readonly authType: AuthType;
  readonly throttlingPolicy: string;
  readonly scopes: readonly string[];
  /** Of an API without a backend; absent where there is no script that can run. */
  readonly mock?: MockDocument;
  /** The AWS function that answers; absent for an operation of any other backend. */
  readonly lambda?: LambdaDocument;
  /** Absent when there are none. */
  readonly policies?: PolicyFlowsDocument;
  /** Of an API in front of SOAP: mediators as XML that make the SOAP request, and the answer of the SOAP answer. */
  readonly translation?: { readonly in?: string; readonly out?: string };
  /** What its requests and answers must be like; absent where the definition does not say or nobody checks. */
  readonly messages?: MessagesDocument;
  /** Of a product: the index of the operation's own backend in `backends`. */
  readonly backend?: number;
}

export interface EndpointDocument {
  readonly url: string;
  /** What a timeout does, as `endpointConfig.…config.actionSelect`. */
  readonly onTimeout: 'fault' | 'discard' | 'neverTimeout';
  readonly timeoutMs: number | null;
  /** When it rests after failures; without one it never does. */
  readonly suspension?: SuspensionDocument;
  /** Further endpoints that stand in for this one or share its requests. */
  readonly group?: GroupDocument;
  /** What the gateway says of itself to this endpoint and to those of its group. */
  readonly security?: EndpointSecurityDocument;
}

/** A backend's credentials. */
export type EndpointSecurityDocument = {
  /** Sealed as at rest; opened in the gateway's main process for its workers, null: it could not be opened. */
  readonly secrets: Readonly<Record<string, string>> | null;
} & (
  | { readonly type: 'basic' | 'digest'; readonly username: string }
  | { readonly type: 'apikey'; readonly name: string; readonly place: 'header' | 'query' }
  | OAuthSecurityDocument
  | AwsSecurityDocument
);

export interface OAuthSecurityDocument {
  readonly type: 'oauth';
  readonly grant: 'client_credentials' | 'password';
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly username: string;
  /** Further parameters of the token request; the secret ones are among `secrets`, by `parameter:<name>`. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Milliseconds; null leaves them to the gateway. */
  readonly connectMs: number | null;
  readonly answerMs: number | null;
  /** The proxy on the way to the token endpoint, its password among `secrets` as `proxyPassword`; absent without one. */
  readonly proxy?: { readonly url: string; readonly username: string };
}

/** Requests signed with an AWS key (Signature Version 4). */
export interface AwsSecurityDocument {
  readonly type: 'aws';
  readonly region: string;
  /** For example `lambda` or `bedrock`. */
  readonly service: string;
  /** Its secret is among `secrets` as `secretKey`; empty: the gateway's own credentials, found as the AWS tools find them. */
  readonly accessKey: string;
  /** The role to assume with them; absent without one. */
  readonly role?: { readonly arn: string; readonly sessionName: string; readonly region: string };
}

export interface GroupDocument {
  readonly others: readonly EndpointDocument[];
  /** In order, the next only when those before fail; or in turn. */
  readonly choice: 'failover' | 'round-robin';
  /** Whether a request that failed at one member goes to the next. */
  readonly failsOver: boolean;
  /** How long a client stays with one member by a cookie, milliseconds; null when it need not. */
  readonly sessionMs: number | null;
}

/** The timing of `endpointConfig.…config`; times in milliseconds, codes are those that callers are told. */
export interface SuspensionDocument {
  /** Failures that suspend; none means any. */
  readonly codes: readonly string[];
  readonly durationMs: number;
  readonly durationMaxMs: number | null;
  /** What the duration grows by with each failure after a suspension. */
  readonly factor: number;
  /** Failures after which the endpoint rests for `retryDelayMs`, `retries` times, before it is suspended. */
  readonly retryCodes: readonly string[];
  readonly retries: number;
  readonly retryDelayMs: number;
}

/** Key: the application's UUID. */
export interface ApplicationDocument {
  readonly uuid: string;
  /** The numeric id the wire shows; throttle keys are made of it. */
  readonly id: number;
  readonly name: string;
  readonly owner: string;
  readonly policy: string;
  readonly organization: string;
  /** What it says of itself beside its name, for backends; absent when it says nothing. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of users whose quotas began anew; absent when there are none. */
  readonly resets?: QuotaResets;
}

export const SUBSCRIPTION_STATES = [
  'UNBLOCKED',
  'BLOCKED',
  'PROD_ONLY_BLOCKED',
  'ON_HOLD',
  'REJECTED',
  'TIER_UPDATE_PENDING',
  'DELETE_PENDING',
] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** Key: the subscription's UUID. */
export interface SubscriptionDocument {
  readonly subscriptionId: string;
  readonly apiId: string;
  readonly applicationId: string;
  readonly policy: string;
  readonly state: SubscriptionState;
}

/** Key: `<key manager name>:<consumer key>`. */
export interface KeyMappingDocument {
  readonly consumerKey: string;
  readonly keyManager: string;
  readonly applicationId: string;
  readonly keyType: KeyType;
}

/** Key: the SHA-256 of the API key as base64url. */
export interface ApiKeyDocument {
  readonly keyId: string;
  /** Name of the user it was made for, without the tenant. */
  readonly owner: string;
  readonly keyType: KeyType;
  /** The one API it opens; null for the key of an application. */
  readonly apiId: string | null;
  /** The application whose subscription counts; null while it is associated with none. */
  readonly applicationId: string | null;
  /** Epoch milliseconds; null never ends. */
  readonly expiresAt: number | null;
  readonly restrictions: KeyRestrictions;
}

/** From where an API key may be used; an empty list restricts nothing (`reference/key-manager.md` §6.1). */
export interface KeyRestrictions {
  /** Addresses and CIDR networks. */
  readonly ips: readonly string[];
  /** Patterns over the whole `Referer`; `*` is any text. */
  readonly referers: readonly string[];
}

/** Key: `<level>:<name>`. */
export interface PolicyDocument {
  readonly level: PolicyLevel;
  readonly name: string;
  readonly quota: Quota;
  readonly burst: Burst | null;
  readonly stopOnQuotaReach: boolean;
  /** Of an advanced policy: limits of their own for some requests; absent when there are none. */
  readonly conditionalGroups?: readonly ConditionalGroup[];
}

/** A public key as RFC 7517 writes it. */
export type Jwk = Readonly<Record<string, unknown>>;

/** Key: the key manager's name. Those of `GLOBAL_ORGANIZATION` serve every tenant that has none of its own for the issuer. */
export interface KeyManagerDocument {
  readonly name: string;
  /** The type of its connector; `default` for the resident one. */
  readonly type: string;
  readonly issuer: string;
  readonly enabled: boolean;
  /** `EXCHANGED`: its tokens are refused unless exchanged at the resident key manager. */
  readonly tokenType: 'EXCHANGED' | 'DIRECT' | 'BOTH';
  /** Public signing keys; RSA only. */
  readonly jwks: readonly Jwk[];
  /** The single key is a certificate's and checks every token, whatever `kid` it names. */
  readonly isPinned: boolean;
  /** Whether JWTs are checked here, by the keys; otherwise the key manager is asked about each (RFC 7662). */
  readonly isSelfValidated: boolean;
  /** Whether the key manager can be asked about tokens; the gateway's main side does the asking, with credentials that workers never see. */
  readonly isIntrospectable: boolean;
  readonly consumerKeyClaim: string;
  readonly scopesClaim: string;
  /** Names of its claims in JWTs for backends. */
  readonly claimMapping: readonly { readonly remoteClaim: string; readonly localClaim: string }[];
  /** Which tokens are its own, the enabled rules alone: `REFERENCE` is a pattern of the whole token, `JWT` has patterns of claims, `CUSTOM` takes any. */
  readonly tokenValidation: readonly { readonly type: 'REFERENCE' | 'JWT' | 'CUSTOM'; readonly value: unknown }[];
}

/**
 * Key: `<type>:<value>`. The token with this id, or all whose id begins with that of the family, are dead, and of a client or a subject those issued at
 * or before `revokedAt`; forgotten after `expiresAt` (epoch seconds).
 */
export interface RevokedTokenDocument {
  readonly type: 'jti' | 'family' | 'consumer-key' | 'subject';
  readonly value: string;
  readonly revokedAt: number;
  readonly expiresAt: number;
}

/** Key: the certificate's alias. */
export interface EndpointCertificateDocument {
  /** `host:port` of the backends that it is trusted for, or `host` for every port. */
  readonly server: string;
  /** The certificate and those of its chain that came with it. */
  readonly pem: string;
}

/** Key: the label. What the gateways of an environment run for every API of the tenant, before the API's own policies. */
export interface GatewayPoliciesDocument extends PolicyCarrierDocument {
  readonly label: string;
  readonly policies: PolicyFlowsDocument;
}

/** Key: `accounts`. Written anew whenever a login to the tenant may come to something else: what was said of one before is void. */
export interface AccountsDocument {
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/** Key: `gateway`. Server-wide settings that reach a running gateway. */
export interface SettingsDocument {
  readonly cors: CorsDocument & {
    readonly enabled: boolean;
    /** Answer headers that scripts may read, also of APIs with rules of their own. */
    readonly exposed?: readonly string[];
  };
}

/** Key: the tenant's domain. An inactive tenant's paths answer 404. */
export interface OrganizationDocument {
  readonly active: boolean;
}
