import { type Api, type ApiDetails, invocationPath, VERSION_PARAMETER } from '../../domain/api.js';
import type {
  ApiDocument,
  BackendDocument,
  ClientCertificateDocument,
  CorsDocument,
  KeyType,
  MockDocument,
  OperationDocument,
} from '../../domain/gateway-documents.js';
import { tenantContext } from '../../domain/organization.js';
import { isSubscriptionless } from '../../domain/subscriptionless.js';
import { attachedIn } from '../policies/attached-flows.js';
import { carrierDocument, type DeployedPolicies, flowsDocument, NO_DEPLOYED_POLICIES } from '../policies/deployed-policies.js';
import type { DefinedMessages } from '../validation/message-documents.js';
import { backendOf } from './backend-document.js';
import { backendLimitsOf } from './backend-limits.js';
import type { DeploymentEntity } from './deployment.entity.js';
import { lambdaOf } from './lambda-document.js';
import type { ApiSnapshot } from './revision.entity.js';

/** What a deployment takes from beside the API itself. */
export interface Surroundings {
  readonly clientCertificates?: readonly ClientCertificateDocument[];
  readonly environmentType?: KeyType;
  readonly environmentProperties?: Readonly<Record<string, string>>;
}

/** What a deployed API takes from its working copy at once, without a new revision. */
export type CurrentState = Pick<Api, 'status' | 'isDefaultVersion' | 'policies' | 'provider'>;

/** What a deployment is made of besides the revision's snapshot. */
export interface DeployedParts {
  /** What runs for the attached policies. */
  readonly attached?: DeployedPolicies;
  /** Of an API without a backend, by `<VERB> <path>`. */
  readonly mocks?: ReadonlyMap<string, MockDocument> | undefined;
  readonly surroundings?: Surroundings;
  /** Of an API whose messages are checked. */
  readonly defined?: DefinedMessages | undefined;
  /** What answers in place of its endpoints. */
  readonly sequences?: Pick<BackendDocument, 'productionSequence' | 'sandboxSequence'>;
  /** Between JSON and SOAP, by `<VERB> <path>`. */
  readonly translations?: ReadonlyMap<string, NonNullable<OperationDocument['translation']>>;
}

/** The gateway's plan for one deployment: the revision's snapshot with the API's current state. */
export const apiDocument = (
  snapshot: ApiSnapshot,
  current: CurrentState,
  deployment: Pick<DeploymentEntity, 'revisionId' | 'environment' | 'vhost'> & Partial<Pick<DeploymentEntity, 'backends'>>,
  parts: DeployedParts = {},
): ApiDocument => {
  const { attached = NO_DEPLOYED_POLICIES, surroundings = {}, defined = UNCHECKED, sequences = {} } = parts;
  const { details } = snapshot;
  const policies = runsPolicies(details) ? flowsDocument(details.apiPolicies, attached) : undefined;
  const backendLimits = backendLimitsOf(details.maxTps);
  const members = (details.members ?? []).map(({ apiId }) => apiId);
  const endpoints = { ...backendOf(details), ...sequences };
  const backends = members.map((_, at) => deployment.backends?.[at] ?? NO_BACKEND);
  const { mocks = new Map(), translations = new Map() } = parts;
  const context: OperationContext = {
    members,
    attached,
    mocks,
    defined,
    translations,
    endpoints,
    backends,
    runsPolicies: runsPolicies(details),
  };
  return {
    apiId: snapshot.id,
    revisionId: deployment.revisionId,
    environment: deployment.environment,
    vhost: deployment.vhost,
    name: snapshot.name,
    version: snapshot.version,
    context: tenantContext(snapshot.organization, snapshot.context.replace(VERSION_PARAMETER, snapshot.version)),
    path: invocationPath(snapshot),
    provider: current.provider,
    type: snapshot.type,
    status: current.status,
    isDefaultVersion: current.isDefaultVersion,
    transports: details.transport,
    securityScheme: details.securityScheme,
    authorizationHeader: details.authorizationHeader,
    apiKeyHeader: details.apiKeyHeader,
    keyManagers: details.keyManagers,
    audiences: details.audiences,
    apiThrottlingPolicy: details.apiThrottlingPolicy,
    ...(backendLimits && { backendLimits }),
    subscriptionless: isSubscriptionless(current.policies),
    cors: corsOf(snapshot),
    operations: details.operations.map((operation) => operationOf(operation, context)),
    endpoints,
    ...surroundings,
    ...(details.securityScheme.includes('basic_auth') && { scopeRoles: scopeRolesOf(details) }),
    ...(runsPolicies(details) && carrierDocument(attachedIn(details), attached)),
    ...(policies && { policies }),
    ...(isMock(details) && { isMock: true }),
    ...(defined !== UNCHECKED && { validation: defined.validation }),
    ...(details.responseCachingEnabled && details.cacheTimeout > 0 && { cacheSeconds: details.cacheTimeout }),
    ...(allowsUpgrades(details) && { allowsUpgrades: true }),
    ...(members.length > 0 && { backends }),
  };
};

/** The property by which a publisher lets an API's clients leave HTTP for WebSocket. */
const UPGRADES = 'websocketUpgrades';

const allowsUpgrades = ({ additionalProperties = [] }: Pick<ApiDetails, 'additionalProperties'>): boolean =>
  additionalProperties.some(({ name, value }) => name === UPGRADES && value.trim().toLowerCase() === 'true');

const scopeRolesOf = ({ scopes }: Pick<ApiDetails, 'scopes'>): NonNullable<ApiDocument['scopeRoles']> =>
  Object.fromEntries(scopes.map(({ name, bindings }) => [name, bindings]));

/** Whether the API's policies are for this gateway: those of an API of another gateway run there alone (`reference/mediation.md` §8). */
const runsPolicies = ({ gatewayType }: Pick<ApiDetails, 'gatewayType'>): boolean => gatewayType === 'wso2/synapse';

/** Whether generated or written scripts answer for the API. */
export const isMock = ({ endpointImplementationType }: Pick<ApiDetails, 'endpointImplementationType'>): boolean =>
  endpointImplementationType !== 'ENDPOINT';

/** The API's own cross-origin rules; null leaves the server's in force. */
const corsOf = ({ details: { corsConfiguration: cors } }: ApiSnapshot): CorsDocument | null =>
  cors.corsConfigurationEnabled
    ? {
        origins: cors.accessControlAllowOrigins,
        methods: cors.accessControlAllowMethods,
        headers: cors.accessControlAllowHeaders,
        credentials: cors.accessControlAllowCredentials,
      }
    : null;

interface OperationContext {
  readonly members: readonly string[];
  readonly attached: DeployedPolicies;
  readonly translations: NonNullable<DeployedParts['translations']>;
  readonly mocks: ReadonlyMap<string, MockDocument>;
  readonly defined: DefinedMessages;
  /** The API's own, then by the place of the member it comes from. */
  readonly endpoints: BackendDocument;
  readonly backends: readonly BackendDocument[];
  readonly runsPolicies: boolean;
}

/** A product's operation names the backend of the member it comes from. */
const operationOf = (
  operation: ApiSnapshot['details']['operations'][number],
  { members, attached, mocks, defined, translations, endpoints, backends, runsPolicies: runsHere }: OperationContext,
): OperationDocument => {
  const policies = runsHere ? flowsDocument(operation.operationPolicies, attached) : undefined;
  const key = `${operation.verb} ${operation.target}`;
  const backend = operation.apiId === undefined ? endpoints : (backends[members.indexOf(operation.apiId)] ?? NO_BACKEND);
  const lambda = lambdaOf(backend, operation);
  const mock = mocks.get(key);
  const translation = translations.get(key);
  const messages = Object.hasOwn(defined.messages, key) ? defined.messages[key] : undefined;
  return {
    method: operation.verb,
    target: operation.target,
    authType: operation.authType,
    throttlingPolicy: operation.throttlingPolicy,
    scopes: operation.scopes,
    ...(operation.apiId !== undefined && { backend: members.indexOf(operation.apiId) }),
    ...(lambda && { lambda }),
    ...(policies && { policies }),
    ...(mock && { mock }),
    ...(translation && { translation }),
    ...(messages && { messages }),
  };
};

const UNCHECKED: DefinedMessages = { validation: { schemas: [] }, messages: {} };
const NO_BACKEND: BackendDocument = { production: null, sandbox: null };
