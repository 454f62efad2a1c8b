import type {
  ApiDocument,
  AuthType,
  BackendDocument,
  EndpointDocument,
  GatewayPoliciesDocument,
  LambdaDocument,
  MockDocument,
  SuspensionDocument,
} from '../../domain/gateway-documents.js';
import { UNLIMITED } from '../../domain/throttling.js';
import { EndpointGroup } from './backend/endpoint-group.js';
import { EndpointHealth } from './backend/endpoint-health.js';
import { type EndpointSecurity, linkSecurity, type SecuritySettings, searchOf } from './backend/endpoint-security.js';
import { LAMBDA, withLambdaAnswer } from './backend/lambda.js';
import { ClientCertificates } from './credentials/client-certificates.js';
import { CorsRules } from './front/cors.js';
import { apiMediation } from './mediation/api-mediation.js';
import type { Mediation, MediationDeps } from './mediation/flows.js';
import type { ClientCertificateSettings, SuspendedEndpoint } from './messages.js';
import type { CommonSteps, Policy } from './pipeline.js';
import { type Challenges, challenges } from './refusal.js';
import { OperationMatcher } from './routing/operation-matcher.js';
import { hasPlaceholders, parsedAddress } from './routing/path-variables.js';
import { sequenceBackend } from './sequences/sequence-policy.js';
import type { Targets } from './sequences/targets.js';
import { linkTranslation, type Translation, withTranslatedAnswer } from './sequences/translation.js';
import type { OperationUsage } from './usage.js';
import { linkMessageChecks, type MessageChecks, withAnswerCheck } from './validation/message-checks.js';
import { SchemaSet } from './validation/schema-set.js';

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
  /** Whether the address has places for the variables of a request's path. */
  readonly isTemplate: boolean;
  /** Whether functions of AWS are called there: nothing but such a call may go there, as it is signed with the API's key. */
  readonly isLambda: boolean;
  readonly timeoutMs: number;
  readonly onTimeout: EndpointDocument['onTimeout'];
  /** Null when it never rests. */
  readonly health: EndpointHealth | null;
  /** Null when the backend wants no credentials of the gateway. */
  readonly security: EndpointSecurity | null;
  /** Whether some networks are out of its reach: a policy names it, perhaps with what a client said. */
  readonly isGuarded: boolean;
}

export type LinkedDestination = LinkedEndpoint | EndpointGroup;

/** The addresses of one backend, by key type. */
export interface LinkedBackend {
  readonly production: LinkedDestination | null;
  readonly sandbox: LinkedDestination | null;
  /** For an API whose policies say where a request goes, and nobody else does. */
  readonly targets: Targets | null;
  /** What runs in place of an endpoint. */
  readonly productionSequence: Policy | null;
  readonly sandboxSequence: Policy | null;
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
  /** Verbs that share this target. */
  readonly verbs: readonly string[];
  /** Between its JSON and a backend's SOAP; null where there is nothing to translate. */
  readonly translation: Translation | null;
  /** Its policies; null when it has none. */
  readonly mediation: Mediation | null;
  readonly mock: MockDocument | undefined;
  readonly lambda: LambdaDocument | undefined;
  /** What its messages are checked against; null where they are not. */
  readonly checks: MessageChecks | null;
  /** Its checks; null until somebody calls it, as most operations of a large gateway wait for long. */
  pipeline: readonly Policy[] | null;
  usage: OperationUsage | null;
}

/** An API as the gateway serves it: nothing in it changes after linking but its operations' figures and what is written down of its calls. */
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
  /** Of the clients that it lets in by certificate. */
  readonly clientCertificates: ClientCertificates;
  /** Null when every key manager is accepted. */
  readonly keyManagers: ReadonlySet<string> | null;
  /** Null when tokens for any audience are accepted. */
  readonly audiences: ReadonlySet<string> | null;
  /** The API's own rules; null leaves it to the gateway's. */
  readonly cors: CorsRules | null;
  readonly throttlingPolicy: string | null;
  /** Of a product's members; empty otherwise. */
  readonly backends: readonly LinkedBackend[];
  /** Makes the checks of one of its operations. */
  readonly pipelineOf: PipelineOf;
  /** Null until one of them is called. */
  common: CommonSteps | null;
  /** Begins the lines of a call that none of the operations takes; null where it is not written down. */
  unmatchedLog: Policy | null;
}

export type PipelineOf = (operation: Operation) => readonly Policy[];

/** The checks of a request to the operation, made when they are wanted for the first time. */
export const checksOf = (operation: Operation): readonly Policy[] => {
  operation.pipeline ??= operation.api.pipelineOf(operation);
  return operation.pipeline;
};

/** Tells the operator of something that goes wrong. */
export type Warn = (message: string, detail: Readonly<Record<string, unknown>>) => void;

export interface LinkSettings extends MediationDeps, EndpointSettings {
  /** What runs before the API's own policies. */
  readonly gatewayPolicies?: GatewayPoliciesDocument | undefined;
  readonly authHeader: string;
  readonly clientCertificates: Pick<ClientCertificateSettings, 'followsChains'>;
}

/** What endpoints are linked with. */
export interface EndpointSettings extends SecuritySettings {
  /** Where AWS functions are called; empty: where AWS has them. */
  readonly awsLambdaUrl: string;
  readonly upstreamTimeoutMs: number;
  /** Told of endpoints that begin to rest. */
  readonly rested?: (endpoint: SuspendedEndpoint, health: EndpointHealth) => void;
  readonly isGuarded?: boolean;
}

const schemasOf = (document: ApiDocument): SchemaSet | null => {
  const { validation, status } = document;
  if (validation === undefined || status === 'BLOCKED') return null;
  // Messages that cannot be checked must not pass as if they had been.
  if ('unusable' in validation) throw new Error(`its messages cannot be checked against its definition: ${validation.unusable}`);
  return new SchemaSet(validation.schemas);
};

const API_KEY_HEADER = 'ApiKey';
const named = (policy: string | null): string | null => (policy === null || policy === '' || policy === UNLIMITED ? null : policy);
const namedOrAll = (names: readonly string[]): ReadonlySet<string> | null =>
  names.length === 0 || names.includes('all') ? null : new Set(names);

/**
 * Makes an API ready to serve. Throws an `Error` that says what is wrong with the document, so that the caller can keep what it serves now: all that
 * can be wrong is found here, so that `pipelineOf` cannot fail later.
 */
export const linkApi = (
  organization: string,
  key: string,
  document: ApiDocument,
  settings: LinkSettings,
  pipelineOf: PipelineOf,
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
    // Client certificates come over TLS alone (`reference/gateway.md` §4.5).
    allowsHttp: (document.transports.length === 0 || document.transports.includes('http')) && !schemesOf(document).includes('mutualssl'),
    allowsHttps: document.transports.length === 0 || document.transports.includes('https'),
    authHeader: authHeader.toLowerCase(),
    apiKeyHeader: apiKeyHeader.toLowerCase(),
    credentialHeaders: [authHeader, apiKeyHeader],
    challenges: challenges(schemesOf(document), authHeader, apiKeyHeader),
    clientCertificates: new ClientCertificates(
      document.clientCertificates ?? [],
      settings.clientCertificates.followsChains,
      (alias, error) =>
        settings.warn('a client certificate cannot be used', { organization, apiId: document.apiId, alias, error: String(error) }),
    ),
    keyManagers: namedOrAll(document.keyManagers),
    audiences: namedOrAll(document.audiences),
    cors: document.cors === null ? null : new CorsRules(document.cors),
    throttlingPolicy: named(document.apiThrottlingPolicy),
    ...linkBackend(organization, document.endpoints, settings),
    backends: (document.backends ?? []).map((backend) => linkBackend(organization, backend, settings)),
    pipelineOf,
    common: null,
    unmatchedLog: null,
  };
  const schemas = schemasOf(document);
  const mediationOf = apiMediation(document, settings.gatewayPolicies, settings);
  const verbsOf = verbsByTarget(document);
  const isBlocked = document.status === 'BLOCKED';
  const credentials = [api.authHeader, api.apiKeyHeader];
  for (const described of document.operations) {
    const { method, target, authType, throttlingPolicy, scopes, backend, policies, mock, lambda, messages } = described;
    const verbs = verbsOf.get(target) ?? [];
    const checks = schemas && messages ? linkMessageChecks(messages, target, schemas, credentials, settings.mediatedBodyBytesMax) : null;
    const translation = isBlocked || !described.translation ? null : linkTranslation(described.translation, settings.sequences);
    const mediated = isBlocked ? null : withLambdaAnswer(lambda, mediationOf(policies));
    const mediation = withTranslatedAnswer(mediated, translation, settings.mediatedBodyBytesMax);
    const operation: Operation = {
      api,
      backend: backend === undefined ? api : backendAt(api, backend),
      method: method.toUpperCase(),
      target,
      authType,
      throttlingPolicy: named(throttlingPolicy),
      scopes,
      verbs,
      mock,
      lambda,
      checks,
      translation,
      mediation: withAnswerCheck(mediation, checks, settings.mediatedBodyBytesMax),
      pipeline: null,
      usage: null,
    };
    // A script that cannot run is refused now, not when it is called.
    if (mock?.script !== undefined) checksOf(operation);
    operations.push(operation);
  }
  api.matcher.addAll(operations);
  return api;
};

const verbsByTarget = ({ operations }: ApiDocument): ReadonlyMap<string, readonly string[]> => {
  const verbs = new Map<string, readonly string[]>();
  for (const { method, target } of operations) verbs.set(target, (verbs.get(target) ?? []).concat(method.toUpperCase()));
  return verbs;
};

/** The API's security schemes; none at all means OAuth2 (`reference/key-manager.md` §5). */
export const schemesOf = (document: Pick<ApiDocument, 'securityScheme'>): readonly string[] =>
  document.securityScheme.length === 0 ? ['oauth2'] : document.securityScheme;

const linkBackend = (
  organization: string,
  { production, sandbox, isDynamic, productionSequence, sandboxSequence }: BackendDocument,
  settings: LinkSettings,
): LinkedBackend => ({
  production: production && linkDestination(organization, production, settings),
  sandbox: sandbox && linkDestination(organization, sandbox, settings),
  targets: isDynamic ? settings.sequences.targets : null,
  productionSequence: productionSequence === undefined ? null : sequenceBackend(productionSequence, settings.sequences),
  sandboxSequence: sandboxSequence === undefined ? null : sequenceBackend(sandboxSequence, settings.sequences),
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

/** Takes a backend's addresses apart. Throws an `Error` for one that is no address. */
export const linkDestination = (organization: string, document: EndpointDocument, settings: EndpointSettings): LinkedDestination => {
  const { group } = document;
  const security = document.security === undefined ? null : linkSecurity(document.security, settings);
  const search = searchOf(document.security);
  const linked = (member: EndpointDocument): LinkedEndpoint => ({
    ...linkEndpoint(organization, atLambda(member, settings), search, settings),
    security,
  });
  return group === undefined ? linked(document) : new EndpointGroup([document, ...group.others].map(linked), group);
};

/** The same, where the gateway's settings say that the functions of AWS are elsewhere. */
const atLambda = (document: EndpointDocument, { awsLambdaUrl }: Pick<EndpointSettings, 'awsLambdaUrl'>): EndpointDocument =>
  awsLambdaUrl !== '' && isLambda(document) ? { ...document, url: awsLambdaUrl } : document;

const isLambda = ({ security }: EndpointDocument): boolean => security?.type === 'aws' && security.service === LAMBDA;

const linkEndpoint = (
  organization: string,
  document: EndpointDocument,
  search: string,
  settings: EndpointSettings,
): Omit<LinkedEndpoint, 'security'> => {
  const { url, restore } = parsedAddress(document.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`the endpoint '${document.url}' is neither http nor https`);
  const endpoint = url.origin + url.pathname.replace(/\/$/, '');
  const isGuarded = settings.isGuarded === true;
  const pool = isGuarded ? `guarded ${url.origin}` : url.origin;
  return {
    organization,
    origin: url.origin,
    poolKey: url.protocol === 'https:' ? `${organization} ${pool}` : pool,
    isGuarded,
    basePath: restore(url.pathname.replace(/\/$/, '')),
    search: [restore(url.search.slice(1)), search].filter((part) => part !== '').join('&'),
    isTemplate: hasPlaceholders(document.url),
    isLambda: isLambda(document),
    timeoutMs: document.onTimeout === 'neverTimeout' ? 0 : (document.timeoutMs ?? settings.upstreamTimeoutMs),
    onTimeout: document.onTimeout,
    health: document.suspension === undefined ? null : linkHealth(document.suspension, { organization, endpoint }, settings),
  };
};

const linkHealth = (
  rules: SuspensionDocument,
  endpoint: SuspendedEndpoint,
  { rested }: Pick<EndpointSettings, 'rested'>,
): EndpointHealth => {
  const health: EndpointHealth = new EndpointHealth(rules, rested && (() => rested(endpoint, health)));
  return health;
};
