import type { ApiDocument, AuthType, BackendDocument, EndpointDocument, MockDocument } from '../../domain/gateway-documents.js';
import { UNLIMITED } from '../../domain/throttling.js';
import { CorsRules } from './cors.js';
import { EndpointGroup } from './endpoint-group.js';
import { EndpointHealth } from './endpoint-health.js';
import { type EndpointSecurity, linkSecurity, searchOf } from './endpoint-security.js';
import { linkMediation, type Mediation, type MediationDeps } from './mediation/flows.js';
import { OperationMatcher } from './operation-matcher.js';
import type { Policy } from './pipeline.js';
import { type Challenges, challenges, type Refusal, scopeMissing } from './refusal.js';
import type { OperationUsage } from './usage.js';

/** A backend address, taken apart once. */
export interface LinkedEndpoint {
  readonly organization: string;
  readonly origin: string;
  /** Endpoints of one key share connections: over TLS those of one tenant, as each trusts what it likes. */
  readonly poolKey: string;
  /** Path before the resource path, without a trailing slash. */
  readonly basePath: string;
  /** Query the address itself has, without its question mark. */
  readonly search: string;
  readonly timeoutMs: number;
  readonly onTimeout: EndpointDocument['onTimeout'];
  /** Null when it never rests. */
  readonly health: EndpointHealth | null;
  /** Null when the backend wants no credentials of the gateway. */
  readonly security: EndpointSecurity | null;
}

export type LinkedDestination = LinkedEndpoint | EndpointGroup;

/** The addresses of one backend, by key type. */
export interface LinkedBackend {
  readonly production: LinkedDestination | null;
  readonly sandbox: LinkedDestination | null;
}

export interface Operation {
  readonly api: LinkedApi;
  /** The API's; of a product's operation its member's. */
  readonly backend: LinkedBackend;
  readonly method: string;
  readonly target: string;
  readonly authType: AuthType;
  readonly throttlingPolicy: string | null;
  readonly scopes: readonly string[];
  readonly scopeMissing: Refusal;
  /** Verbs that share this target. */
  readonly verbs: readonly string[];
  /** Its policies; null when it has none. */
  readonly mediation: Mediation | null;
  readonly mock: MockDocument | undefined;
  pipeline: readonly Policy[];
  usage: OperationUsage | null;
}

/** An API as the gateway serves it: nothing in it changes after linking but its operations' figures. */
export interface LinkedApi extends LinkedBackend {
  readonly organization: string;
  readonly key: string;
  readonly document: ApiDocument;
  readonly operations: readonly Operation[];
  readonly matcher: OperationMatcher<Operation>;
  readonly allowsHttp: boolean;
  readonly allowsHttps: boolean;
  /** In lower case. */
  readonly authHeader: string;
  readonly apiKeyHeader: string;
  readonly credentialHeaders: readonly string[];
  readonly challenges: Challenges;
  /** Null when every key manager is accepted. */
  readonly keyManagers: ReadonlySet<string> | null;
  /** Null when tokens for any audience are accepted. */
  readonly audiences: ReadonlySet<string> | null;
  /** The API's own rules; null leaves it to the gateway's. */
  readonly cors: CorsRules | null;
  readonly throttlingPolicy: string | null;
  /** Of a product's members; empty otherwise. */
  readonly backends: readonly LinkedBackend[];
}

/** Tells the operator of something that goes wrong. */
export type Warn = (message: string, detail: Readonly<Record<string, unknown>>) => void;

export interface LinkSettings extends MediationDeps {
  readonly warn: Warn;
  readonly authHeader: string;
  readonly upstreamTimeoutMs: number;
}

const API_KEY_HEADER = 'ApiKey';
const named = (policy: string | null): string | null => (policy === null || policy === '' || policy === UNLIMITED ? null : policy);
const namedOrAll = (names: readonly string[]): ReadonlySet<string> | null =>
  names.length === 0 || names.includes('all') ? null : new Set(names);

/**
 * Makes an API ready to serve. `pipelineOf` compiles an operation's checks. Throws an `Error` that says what is wrong with the document, so
 * that the caller can keep what it serves now.
 */
export const linkApi = (
  organization: string,
  key: string,
  document: ApiDocument,
  settings: LinkSettings,
  pipelineOf: (operation: Operation) => readonly Policy[],
): LinkedApi => {
  if (!/^\/[^\s?#]+$/.test(document.path) || document.path.endsWith('/')) throw new Error(`'${document.path}' is not a path`);
  const authHeader = document.authorizationHeader || settings.authHeader;
  const apiKeyHeader = document.apiKeyHeader || API_KEY_HEADER;
  const operations: Operation[] = [];
  const api: LinkedApi = {
    organization,
    key,
    document,
    operations,
    // Filled in below: operations and their API refer to each other.
    matcher: new OperationMatcher<Operation>([]),
    allowsHttp: document.transports.length === 0 || document.transports.includes('http'),
    allowsHttps: document.transports.length === 0 || document.transports.includes('https'),
    authHeader: authHeader.toLowerCase(),
    apiKeyHeader: apiKeyHeader.toLowerCase(),
    credentialHeaders: [authHeader, apiKeyHeader],
    challenges: challenges(schemesOf(document), authHeader, apiKeyHeader),
    keyManagers: namedOrAll(document.keyManagers),
    audiences: namedOrAll(document.audiences),
    cors: document.cors === null ? null : new CorsRules(document.cors),
    throttlingPolicy: named(document.apiThrottlingPolicy),
    ...linkBackend(organization, document.endpoints, settings),
    backends: (document.backends ?? []).map((backend) => linkBackend(organization, backend, settings)),
  };
  const verbsOf = Map.groupBy(document.operations, ({ target }) => target);
  for (const { method, target, authType, throttlingPolicy, scopes, backend, policies, mock } of document.operations) {
    const verbs = (verbsOf.get(target) ?? []).map((other) => other.method.toUpperCase());
    const operation: Operation = {
      api,
      backend: backend === undefined ? api : backendAt(api, backend),
      method: method.toUpperCase(),
      target,
      authType,
      throttlingPolicy: named(throttlingPolicy),
      scopes,
      scopeMissing: scopeMissing(target),
      verbs,
      mock,
      // A blocked API answers before its policies run: one that cannot be run must not keep it from being blocked.
      mediation: document.status === 'BLOCKED' ? null : linkMediation(document.policies, policies, settings),
      pipeline: [],
      usage: null,
    };
    operation.pipeline = pipelineOf(operation);
    operations.push(operation);
  }
  api.matcher.addAll(operations);
  return api;
};

/** The API's security schemes; none at all means OAuth2 (`reference/key-manager.md` §5). */
export const schemesOf = (document: Pick<ApiDocument, 'securityScheme'>): readonly string[] =>
  document.securityScheme.length === 0 ? ['oauth2'] : document.securityScheme;

const linkBackend = (organization: string, { production, sandbox }: BackendDocument, settings: LinkSettings): LinkedBackend => ({
  production: production && linkDestination(organization, production, settings),
  sandbox: sandbox && linkDestination(organization, sandbox, settings),
});

/** The endpoints of a destination. */
export const membersOf = (destination: LinkedDestination | null): readonly LinkedEndpoint[] => {
  if (destination === null) return [];
  return destination instanceof EndpointGroup ? destination.members : [destination];
};

const backendAt = ({ backends, document }: LinkedApi, index: number): LinkedBackend => {
  const backend = backends[index];
  if (backend === undefined) throw new Error(`'${document.path}' has no backend ${index}`);
  return backend;
};

const linkDestination = (organization: string, document: EndpointDocument, settings: LinkSettings): LinkedDestination => {
  const { group } = document;
  const security = document.security === undefined ? null : linkSecurity(document.security, settings.warn);
  const search = searchOf(document.security);
  const linked = (member: EndpointDocument): LinkedEndpoint => ({ ...linkEndpoint(organization, member, search, settings), security });
  return group === undefined ? linked(document) : new EndpointGroup([document, ...group.others].map(linked), group);
};

const linkEndpoint = (
  organization: string,
  document: EndpointDocument,
  search: string,
  settings: LinkSettings,
): Omit<LinkedEndpoint, 'security'> => {
  if (!URL.canParse(document.url)) throw new Error(`the endpoint '${document.url}' is not a URL`);
  const url = new URL(document.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`the endpoint '${document.url}' is neither http nor https`);
  return {
    organization,
    origin: url.origin,
    poolKey: url.protocol === 'https:' ? `${organization} ${url.origin}` : url.origin,
    basePath: url.pathname.replace(/\/$/, ''),
    search: [url.search.slice(1), search].filter((part) => part !== '').join('&'),
    timeoutMs: document.onTimeout === 'neverTimeout' ? 0 : (document.timeoutMs ?? settings.upstreamTimeoutMs),
    onTimeout: document.onTimeout,
    health: document.suspension === undefined ? null : new EndpointHealth(document.suspension),
  };
};
