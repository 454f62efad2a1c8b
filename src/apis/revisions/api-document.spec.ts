import type { ApiDetails } from '../../domain/api.js';
import { apiDocument } from './api-document.js';
import { endpointOf, hasEndpoint } from './backend-document.js';
import type { ApiSnapshot } from './revision.entity.js';

const NO_POLICIES = { request: [], response: [], fault: [] };

const details: ApiDetails = {
  displayName: 'Pets',
  description: '',
  responseCachingEnabled: false,
  cacheTimeout: 300,
  hasThumbnail: false,
  enableSchemaValidation: false,
  enableSubscriberVerification: false,
  audience: 'PUBLIC',
  audiences: ['all'],
  transport: ['https'],
  organizationPolicies: [],
  apiThrottlingPolicy: '10KPerMin',
  authorizationHeader: 'Authorization',
  apiKeyHeader: 'ApiKey',
  securityScheme: ['oauth2'],
  maxTps: null,
  visibleTenants: [],
  visibleOrganizations: ['none'],
  mediationPolicies: [],
  apiPolicies: NO_POLICIES,
  apiHubPolicies: [],
  subscriptionAvailability: 'CURRENT_TENANT',
  subscriptionAvailableTenants: [],
  additionalProperties: [],
  monetization: null,
  businessInformation: {},
  corsConfiguration: {
    corsConfigurationEnabled: false,
    accessControlAllowOrigins: ['https://a.example'],
    accessControlAllowCredentials: true,
    accessControlAllowHeaders: ['x-a'],
    accessControlAllowMethods: ['GET'],
  },
  websubSubscriptionConfiguration: {},
  endpointConfig: { endpoint_type: 'http', production_endpoints: { url: ' http://backend ' } },
  primaryProductionEndpointId: null,
  primarySandboxEndpointId: null,
  endpointImplementationType: 'ENDPOINT',
  subtypeConfiguration: null,
  scopes: [],
  operations: [
    {
      target: '/pets/{id}',
      verb: 'GET',
      authType: 'None',
      throttlingPolicy: 'Unlimited',
      scopes: ['read'],
      operationPolicies: NO_POLICIES,
      operationHubPolicies: [],
    },
  ],
  threatProtectionPolicies: null,
  keyManagers: ['all'],
  serviceInfo: null,
  advertiseInfo: { advertised: false, vendor: 'WSO2' },
  gatewayVendor: 'wso2',
  gatewayType: 'wso2/synapse',
  asyncTransportProtocols: [],
  egress: false,
  wsdlInfo: null,
  workflowStatus: null,
};

const snapshot: ApiSnapshot = {
  id: 'api-1',
  organization: 'carbon.super',
  provider: 'admin',
  name: 'Pets',
  version: '1.0',
  context: '/pets',
  contextTemplate: '/pets/{version}',
  type: 'HTTP',
  visibility: 'PUBLIC',
  visibleRoles: [],
  accessControlRoles: [],
  tags: [],
  policies: ['Gold'],
  categories: [],
  details,
};
const current = { status: 'PUBLISHED', isDefaultVersion: true, policies: ['Gold'], provider: 'ann' } as const;
const deployment = { revisionId: 'revision-1', environment: 'Default', vhost: 'localhost' };

describe('the gateway’s document', () => {
  it('joins the snapshot, the current state and the deployment', () => {
    expect(apiDocument(snapshot, current, deployment)).toMatchObject({
      ...deployment,
      apiId: 'api-1',
      provider: 'ann',
      status: 'PUBLISHED',
      isDefaultVersion: true,
      transports: ['https'],
      apiThrottlingPolicy: '10KPerMin',
      operations: [{ method: 'GET', target: '/pets/{id}', authType: 'None', throttlingPolicy: 'Unlimited', scopes: ['read'] }],
      endpoints: { production: { url: 'http://backend', onTimeout: 'fault', timeoutMs: null }, sandbox: null },
    });
  });

  it.each([
    ['carbon.super', '/pets/{version}', '/pets', '/pets', '/pets/1.0'],
    ['a.com', '/pets/{version}', '/pets', '/t/a.com/pets', '/t/a.com/pets/1.0'],
    ['a.com', '/{version}/pets', '/{version}/pets', '/t/a.com/1.0/pets', '/t/a.com/1.0/pets'],
  ])('of %s and the template %s has resolved paths', (organization, contextTemplate, context, shown, path) => {
    expect(apiDocument({ ...snapshot, organization, contextTemplate, context }, current, deployment)).toMatchObject({
      context: shown,
      path,
    });
  });

  it.each([
    [['DefaultSubscriptionless'], true],
    [['AsyncDefaultSubscriptionless'], true],
    [['Gold', 'DefaultSubscriptionless'], false],
    [['Gold'], false],
    [[], false],
  ])('with the plans %j is subscriptionless: %p', (policies, subscriptionless) => {
    expect(apiDocument(snapshot, { ...current, policies }, deployment)).toMatchObject({ subscriptionless });
  });

  it('of a product leads each operation to the backend its member had at deployment', () => {
    const operations = details.operations.flatMap((known) => [
      { ...known, apiId: 'b' },
      { ...known, target: '/other', apiId: 'a' },
    ]);
    const members = ['a', 'b', 'c'].map((apiId) => ({ apiId, name: apiId, version: '1' }));
    const backend = (url: string) => ({ production: { url, onTimeout: 'fault' as const, timeoutMs: null }, sandbox: null });
    const product: ApiSnapshot = { ...snapshot, type: 'APIPRODUCT', details: { ...details, operations, members, endpointConfig: null } };

    expect(apiDocument(product, current, { ...deployment, backends: [backend('http://a'), backend('http://b')] })).toMatchObject({
      operations: [
        { target: '/pets/{id}', backend: 1 },
        { target: '/other', backend: 0 },
      ],
      endpoints: { production: null, sandbox: null },
      backends: [backend('http://a'), backend('http://b'), { production: null, sandbox: null }],
    });
    expect(apiDocument(snapshot, current, deployment)).not.toHaveProperty('backends');
  });

  it.each([
    ['wso2/synapse', ['addHeader']],
    ['AWS', undefined],
    ['wso2/apk', undefined],
  ])('of an API for %s has its policies where they run', (gatewayType, names) => {
    const apiPolicies = { ...NO_POLICIES, request: [{ policyName: 'addHeader', policyVersion: 'v3', policyType: 'common' as const }] };
    const operations = details.operations.map((operation) => ({ ...operation, operationPolicies: apiPolicies }));

    const document = apiDocument({ ...snapshot, details: { ...details, gatewayType, apiPolicies, operations } }, current, deployment);

    expect(document.policies?.request.map(({ name }) => name)).toEqual(names);
    expect(document.operations[0]?.policies?.request.map(({ name }) => name)).toEqual(names);
  });

  it('has cross-origin rules only where the API has its own', () => {
    const corsConfiguration = { ...details.corsConfiguration, corsConfigurationEnabled: true };

    expect(apiDocument(snapshot, current, deployment).cors).toBeNull();
    expect(apiDocument({ ...snapshot, details: { ...details, corsConfiguration } }, current, deployment).cors).toEqual({
      origins: ['https://a.example'],
      methods: ['GET'],
      headers: ['x-a'],
      credentials: true,
    });
  });
});

describe('an endpoint', () => {
  it.each([
    [null, null],
    [{}, null],
    [{ production_endpoints: { url: '' } }, null],
    [{ production_endpoints: [] }, null],
    [{ production_endpoints: 'http://a' }, null],
    [{ production_endpoints: [{ url: 'http://a' }, { url: 'http://b' }] }, 'http://a'],
  ])('of %j is at %p', (config, url) => expect(endpointOf(config, 'production')?.url ?? null).toBe(url));

  it.each([
    [{ actionSelect: 'discard', actionDuration: '3000' }, 'discard', 3000],
    [{ actionSelect: 'neverTimeout', actionDuration: 500 }, 'neverTimeout', 500],
    [{ actionSelect: 'explode', actionDuration: '-1' }, 'fault', null],
    [{ actionDuration: 'soon' }, 'fault', null],
    ['nonsense', 'fault', null],
  ])('with the timing %j waits accordingly', (config, onTimeout, timeoutMs) => {
    expect(endpointOf({ sandbox_endpoints: { url: 'http://a', config } }, 'sandbox')).toEqual({ url: 'http://a', onTimeout, timeoutMs });
  });

  it.each([
    [null, false],
    [{ endpoint_type: 'http' }, false],
    [{ endpoint_type: 'http', sandbox_endpoints: { url: 'http://a' } }, true],
    [{ endpoint_type: 'default' }, true],
    [{ endpoint_type: 'awslambda' }, true],
  ])('is there in %j: %p', (config, there) => expect(hasEndpoint(config)).toBe(there));
});

it('names the roles of the scopes where users call with their passwords, and nowhere else', () => {
  const scopes = [{ name: 'read', displayName: 'read', description: '', bindings: ['Internal/creator'], shared: false }];
  const withScopes = (securityScheme: readonly string[]) =>
    apiDocument({ ...snapshot, details: { ...details, scopes, securityScheme: [...securityScheme] } }, current, deployment).scopeRoles;

  expect(withScopes(['oauth2', 'basic_auth'])).toEqual({ read: ['Internal/creator'] });
  expect(withScopes(['oauth2'])).toBeUndefined();
});
