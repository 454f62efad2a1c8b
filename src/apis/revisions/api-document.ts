import { type Api, type ApiDetails, type EndpointConfig, invocationPath, VERSION_PARAMETER } from '../../domain/api.js';
import type {
  ApiDocument,
  BackendDocument,
  CorsDocument,
  EndpointDocument,
  MockDocument,
  OperationDocument,
} from '../../domain/gateway-documents.js';
import { tenantContext } from '../../domain/organization.js';
import { isSubscriptionless } from '../../domain/subscriptionless.js';
import { isObject } from '../definitions/json-document.js';
import { flowsDocument } from '../policies/deployed-policies.js';
import type { DeploymentEntity } from './deployment.entity.js';
import type { ApiSnapshot } from './revision.entity.js';

/** What a deployed API takes from its working copy at once, without a new revision. */
export type CurrentState = Pick<Api, 'status' | 'isDefaultVersion' | 'policies' | 'provider'>;

/** The gateway's plan for one deployment: the revision's snapshot with the API's current state. */
export const apiDocument = (
  snapshot: ApiSnapshot,
  current: CurrentState,
  deployment: Pick<DeploymentEntity, 'revisionId' | 'environment' | 'vhost'> & Partial<Pick<DeploymentEntity, 'backends'>>,
  /** Ids of the attached policies that the gateway has built in. */
  builtIn: ReadonlySet<string> = new Set(),
  /** Of an API without a backend, by `<VERB> <path>`. */
  mocks: ReadonlyMap<string, MockDocument> = new Map(),
): ApiDocument => {
  const { details } = snapshot;
  const policies = flowsDocument(details.apiPolicies, builtIn);
  const members = (details.members ?? []).map(({ apiId }) => apiId);
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
    subscriptionless: isSubscriptionless(current.policies),
    cors: corsOf(snapshot),
    operations: details.operations.map((operation) => operationOf(operation, { members, builtIn, mocks })),
    endpoints: backendOf(details),
    ...(policies && { policies }),
    ...(isMock(details) && { isMock: true }),
    ...(members.length > 0 && { backends: members.map((_, at) => deployment.backends?.[at] ?? NO_BACKEND) }),
  };
};

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
  readonly builtIn: ReadonlySet<string>;
  readonly mocks: ReadonlyMap<string, MockDocument>;
}

/** A product's operation names the backend of the member it comes from. */
const operationOf = (
  operation: ApiSnapshot['details']['operations'][number],
  { members, builtIn, mocks }: OperationContext,
): OperationDocument => {
  const policies = flowsDocument(operation.operationPolicies, builtIn);
  const mock = mocks.get(`${operation.verb} ${operation.target}`);
  return {
    method: operation.verb,
    target: operation.target,
    authType: operation.authType,
    throttlingPolicy: operation.throttlingPolicy,
    scopes: operation.scopes,
    ...(operation.apiId !== undefined && { backend: members.indexOf(operation.apiId) }),
    ...(policies && { policies }),
    ...(mock && { mock }),
  };
};

const NO_BACKEND: BackendDocument = { production: null, sandbox: null };

/** Where requests of an API go. */
export const backendOf = ({ endpointConfig }: Pick<ApiDetails, 'endpointConfig'>): BackendDocument => ({
  production: endpointOf(endpointConfig, 'production'),
  sandbox: endpointOf(endpointConfig, 'sandbox'),
});

type Kind = 'production' | 'sandbox';

/** Types whose destination is no address of the configuration: set by a policy, a function, an uploaded sequence. */
const WITHOUT_ADDRESS: readonly unknown[] = ['default', 'awslambda', 'sequence_backend'];

/** Whether a request could be sent anywhere: the question asked when an API is published. */
export const hasEndpoint = (config: EndpointConfig | null): boolean =>
  config !== null &&
  (WITHOUT_ADDRESS.includes(config['endpoint_type']) ||
    endpointOf(config, 'production') !== null ||
    endpointOf(config, 'sandbox') !== null);

/** The first address of the kind; of a group (load balancing) its first member. Null when there is none. */
export const endpointOf = (config: EndpointConfig | null, kind: Kind): EndpointDocument | null => {
  const entry = config?.[`${kind}_endpoints`];
  const first: unknown = Array.isArray(entry) ? entry[0] : entry;
  if (!isObject(first) || typeof first['url'] !== 'string' || first['url'].trim() === '') return null;
  return { url: first['url'].trim(), ...timingOf(first['config']) };
};

const ON_TIMEOUT = ['fault', 'discard', 'neverTimeout'] as const;

/** `actionSelect` and `actionDuration` (milliseconds, a number or its text); what is unreadable falls back to the gateway's defaults. */
const timingOf = (config: unknown): Pick<EndpointDocument, 'onTimeout' | 'timeoutMs'> => {
  const { actionSelect, actionDuration } = isObject(config) ? config : {};
  const duration = typeof actionDuration === 'string' && actionDuration.trim() !== '' ? Number(actionDuration) : actionDuration;
  return {
    onTimeout: ON_TIMEOUT.find((action) => action === actionSelect) ?? 'fault',
    timeoutMs: typeof duration === 'number' && duration > 0 && Number.isFinite(duration) ? duration : null,
  };
};
