import type { RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';
import type { Ids } from './furnished-tenant.js';

/** A request about the caller's own thing that names another thing, which may be the caller's as well. */
export interface Reference {
  readonly name: string;
  /** As a route is called in the matrix. */
  readonly operation: string;
  readonly with: (things: Ids, own: Ids) => RequestOptions | Promise<RequestOptions>;
  /** Statuses of the refusal; 400 unless given. */
  readonly refused?: readonly number[];
}

const decoded = (id: string | undefined) => Buffer.from(id ?? '', 'base64url').toString();
const api = (further: object) => ({ body: { ...given.apiProperties(), ...further } });
const product = (apiId: string | undefined) => {
  const name = unique('Product');
  const apis = [{ apiId, operations: [{ verb: 'GET', target: '/*' }] }];
  return { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited'], apis };
};
const quota = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5 } };
const attached = (policyId: string | undefined, policyName: string | undefined) => ({
  ...{ policyId, policyName, policyVersion: 'v1', policyType: 'common', parameters: {} },
});
const subscription = (apiId: string | undefined, applicationId: string | undefined, throttlingPolicy = 'Unlimited') => ({
  body: { apiId, applicationId, throttlingPolicy },
});
const of =
  (...names: readonly string[]) =>
  (ids: Ids) =>
    Object.fromEntries(names.map((name) => [name, ids[name] ?? '']));

const PUBLISHED: readonly Reference[] = [
  { name: 'a business plan', operation: 'publisher POST /apis', with: ({ name }) => api({ policies: [name] }) },
  { name: 'a throttling policy', operation: 'publisher POST /apis', with: ({ name }) => api({ apiThrottlingPolicy: name }) },
  { name: 'a category', operation: 'publisher POST /apis', with: ({ name }) => api({ categories: [name] }) },
  {
    name: 'a role that sees it',
    operation: 'publisher POST /apis',
    with: ({ roleId }) => api({ visibility: 'RESTRICTED', visibleRoles: [decoded(roleId)] }),
  },
  {
    name: 'a role that edits it',
    operation: 'publisher POST /apis',
    with: ({ roleId }) => api({ accessControl: 'RESTRICTED', accessControlRoles: ['admin', decoded(roleId)] }),
  },
  {
    name: 'a shared scope',
    operation: 'publisher POST /apis',
    refused: [404],
    with: ({ name }) =>
      api({
        scopes: [{ scope: { name, displayName: name, bindings: ['admin'] }, shared: true }],
        operations: [{ target: '/*', verb: 'GET', scopes: [name] }],
      }),
  },
  {
    name: 'an operation policy',
    operation: 'publisher POST /apis',
    with: ({ operationPolicyId, operationPolicyName }) =>
      api({
        operations: [{ target: '/*', verb: 'GET', operationPolicies: { request: [attached(operationPolicyId, operationPolicyName)] } }],
      }),
    refused: [400, 404],
  },
  { name: 'an API', operation: 'publisher POST /api-products', with: ({ apiId }) => ({ body: product(apiId) }), refused: [404] },
  {
    name: 'an environment',
    operation: 'publisher POST /apis/{apiId}/deploy-revision',
    with: ({ name }, own) => ({
      ...{ path: of('apiId')(own), query: { revisionId: own['revisionId'] } },
      body: [{ name, vhost: 'a.example', displayOnDevportal: true }],
    }),
  },
  {
    name: 'an operation policy of gateways',
    operation: 'publisher POST /gateway-policies',
    with: ({ operationPolicyId, operationPolicyName }) => ({
      body: { displayName: unique('m'), policyMapping: { request: [attached(operationPolicyId, operationPolicyName)] } },
    }),
    refused: [400, 404],
  },
  {
    name: 'a gateway’s label',
    operation: 'publisher POST /gateway-policies/{gatewayPolicyMappingId}/deploy',
    with: ({ name }, own) => ({ path: of('gatewayPolicyMappingId')(own), body: [{ gatewayLabel: name, gatewayDeployment: true }] }),
    refused: [400, 404],
  },
  {
    name: 'another plan',
    operation: 'publisher POST /subscriptions/change-business-plan',
    with: ({ paidPlan }, own) => ({ query: { subscriptionId: own['paidSubscriptionId'], businessPlan: paidPlan } }),
  },
];

const moved = (own: Ids, plan: string | undefined, applicationId: string | undefined) => ({
  path: { subscriptionId: own['paidSubscriptionId'] ?? '' },
  body: { ...subscription(own['paidApiId'], applicationId, plan).body, status: 'UNBLOCKED' },
});

const SUBSCRIBED: readonly Reference[] = [
  {
    name: 'an application policy',
    operation: 'devportal POST /applications',
    with: ({ name }) => ({ body: { name: unique('App'), throttlingPolicy: name } }),
  },
  {
    name: 'another application policy',
    operation: 'devportal PUT /applications/{applicationId}',
    with: ({ name }, own) => ({
      path: { applicationId: own['spareApplicationId'] ?? '' },
      body: { name: unique('App'), throttlingPolicy: name },
    }),
  },
  {
    name: 'an API',
    operation: 'devportal POST /subscriptions',
    with: ({ soapApiId }, { spareApplicationId }) => subscription(soapApiId, spareApplicationId),
    refused: [403, 404],
  },
  {
    name: 'an application',
    operation: 'devportal POST /subscriptions',
    with: ({ subscribedApplicationId }, { redeployedApiId }) => subscription(redeployedApiId, subscribedApplicationId),
    refused: [404],
  },
  {
    name: 'a plan',
    operation: 'devportal PUT /subscriptions/{subscriptionId}',
    with: ({ paidPlan }, own) => moved(own, paidPlan, own['applicationId']),
    refused: [400, 403],
  },
  {
    name: 'its application',
    operation: 'devportal PUT /subscriptions/{subscriptionId}',
    with: ({ applicationId }, own) => moved(own, own['paidPlan'], applicationId),
    refused: [400, 403, 404],
  },
  {
    name: 'a key manager',
    operation: 'devportal POST /applications/{applicationId}/map-keys',
    with: ({ keyManagerId }, own) => ({
      path: { applicationId: own['spareApplicationId'] ?? '' },
      body: { consumerKey: unique('client'), keyManager: keyManagerId, keyType: 'PRODUCTION' },
    }),
    refused: [400, 404],
  },
  {
    name: 'an application to use a key',
    operation: 'devportal POST /apis/{apiId}/api-keys/associate',
    with: ({ subscribedApplicationId }, own) => ({
      path: of('apiId')(own),
      body: { keyUUID: own['apiKeyId'], applicationUUID: subscribedApplicationId },
    }),
    refused: [404],
  },
];

const ADMINISTERED: readonly Reference[] = [
  {
    name: 'a user as owner',
    operation: 'admin POST /applications/{applicationId}/change-owner',
    with: ({ username }, own) => ({ path: { applicationId: own['decidedApplicationId'] ?? '' }, query: { owner: username } }),
  },
  {
    name: 'a user as provider',
    operation: 'admin POST /apis/{apiId}/change-provider',
    with: ({ username }, own) => ({ path: { apiId: own['soapApiId'] ?? '' }, query: { provider: username } }),
  },
  {
    name: 'a user to deny',
    operation: 'admin POST /throttling/deny-policies',
    with: ({ username }) => ({ body: { conditionType: 'USER', conditionValue: username, conditionStatus: false } }),
  },
  {
    name: 'an application to deny',
    operation: 'admin POST /throttling/deny-policies',
    with: ({ owner, applicationName }) => ({
      body: { conditionType: 'APPLICATION', conditionValue: `${owner}:${applicationName}`, conditionStatus: false },
    }),
  },
  {
    name: 'an API to deny',
    operation: 'admin POST /throttling/deny-policies',
    with: ({ apiUrl }) => ({ body: { conditionType: 'API', conditionValue: apiUrl, conditionStatus: false } }),
  },
  {
    name: 'a role of a plan',
    operation: 'admin POST /throttling/policies/subscription',
    with: ({ roleId }) => ({
      body: {
        ...{ policyName: unique('plan'), defaultLimit: quota },
        permissions: { permissionType: 'ALLOW', roles: [decoded(roleId)] },
      },
    }),
  },
  {
    name: 'a user as holder of a role',
    operation: 'scim POST /v2/Roles',
    with: ({ userId }) => ({ body: { displayName: unique('r').slice(0, 20), users: [{ value: userId }] } }),
    refused: [400, 404],
  },
  {
    name: 'a user as member of a group',
    operation: 'scim PATCH /Groups/{id}',
    with: ({ userId }, { groupId = '' }) => ({
      path: { id: groupId },
      body: { Operations: [{ op: 'add', path: 'members', value: [{ value: userId }] }] },
    }),
    refused: [400, 404],
  },
  {
    name: 'a user as owner of a client',
    operation: 'key-manager POST /dcr/register/{clientId}/change-owner',
    with: ({ username }, own) => ({ path: of('clientId')(own), query: { applicationOwner: username } }),
    refused: [400, 404],
  },
  {
    name: 'a user whose claims are asked for',
    operation: 'key-manager POST /user-info/claims/generate',
    with: ({ username, userToken }) => ({ body: { username, accessToken: userToken } }),
    refused: [400, 403, 404],
  },
];

const SERVED: readonly Reference[] = [
  {
    name: 'a user as owner',
    operation: 'server POST /client-registration/v0.17/register',
    with: ({ owner }) => ({
      body: { callbackUrl: 'www.example.com', clientName: unique('c'), owner, grantType: 'client_credentials', saasApp: true },
    }),
    refused: [400, 401, 403],
  },
  {
    name: 'a gateway that is alive',
    operation: 'internal POST /notify-gateway',
    with: ({ outsideGatewayId }) => ({ body: { payloadType: 'HEARTBEAT', gatewayId: outsideGatewayId, timeStamp: Date.now() } }),
  },
  {
    name: 'a tenant that a gateway loads',
    operation: 'internal POST /notify-gateway',
    with: ({ domain }, { name }) => ({
      body: {
        ...{ payloadType: 'REGISTER', environmentLabels: [name], gatewayId: unique('gateway'), loadingTenants: [domain] },
        ...{ gatewayProperties: { ipAddress: '10.0.0.7' }, timeStamp: Date.now() },
      },
    }),
  },
  {
    name: 'a tenant whose token was revoked',
    operation: 'internal POST /notify',
    with: ({ domain }) => ({
      headers: { 'x-wso2-key-manager': 'default' },
      body: { type: 'token_revocation', accessToken: unique('jti'), expiryTime: String(Date.now() + 60_000), tenantDomain: domain },
    }),
    refused: [404],
  },
  {
    name: 'a tenant whose applications are listed',
    operation: 'admin GET /applications',
    with: ({ domain }) => ({ query: { tenantDomain: domain } }),
    refused: [403],
  },
];

export const REFERENCES: readonly Reference[] = [...PUBLISHED, ...SUBSCRIBED, ...ADMINISTERED, ...SERVED];
