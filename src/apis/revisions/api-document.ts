import { type Api, type ApiDetails, invocationPath, VERSION_PARAMETER } from '../../domain/api.js';
import type { ApiDocument, BackendDocument, CorsDocument, MockDocument, OperationDocument } from '../../domain/gateway-documents.js';
import { tenantContext } from '../../domain/organization.js';
import { isSubscriptionless } from '../../domain/subscriptionless.js';
import { flowsDocument } from '../policies/deployed-policies.js';
import { backendOf } from './backend-document.js';
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
