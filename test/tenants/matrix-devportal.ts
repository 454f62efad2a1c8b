import { unique } from '../support/unique.js';
import type { Ids } from './furnished-tenant.js';
import { ORGANIZATION, OWN_ONLY, of, type Table } from './matrix.js';

const keys = { keyType: 'SANDBOX', grantTypesToBeSupported: ['client_credentials'] };
const apiKey = (name: string) => (its: Ids) => ({ body: { keyUUID: its[name] } });
const ONE_SECRET = 'is for servers whose clients have one secret each (test/devportal/oauth-keys-configured)';
const ofApplications = '/applications/{applicationId}';

export const DEVPORTAL: Table = of('devportal', {
  'GET /throttling-policies/{policyLevel}/{policyId}': { path: { policyId: 'name' } },
  'GET /apis/{apiId}/wsdl': { path: { apiId: 'soapApiId' } },
  'POST /apis/{apiId}/generate-definition-url': { path: { apiId: 'soapApiId' }, with: () => ({ query: { type: 'wsdl' } }) },
  'GET /applications/export': { with: (its) => ({ query: { appName: its['applicationName'], appOwner: its['owner'] } }) },
  'POST /applications': OWN_ONLY,
  'POST /applications/import': OWN_ONLY,
  [`POST ${ofApplications}/reset-throttle-policy`]: { with: (its) => ({ body: { userName: its['owner'] } }) },
  [`POST ${ofApplications}/generate-keys`]: { with: () => ({ body: keys }) },
  [`POST ${ofApplications}/map-keys`]: {
    path: { applicationId: 'spareApplicationId' },
    mixes: [400],
    with: (its) => ({ body: { consumerKey: its['clientId'], consumerSecret: its['clientSecret'], keyType: 'PRODUCTION' } }),
  },
  [`POST ${ofApplications}/oauth-keys/{keyMappingId}/regenerate-secret`]: ONE_SECRET,
  [`POST ${ofApplications}/keys/{keyType}/regenerate-secret`]: ONE_SECRET,
  [`POST ${ofApplications}/oauth-keys/{keyMappingId}/generate-token`]: {
    with: (its) => ({ body: { consumerSecret: its['consumerSecret'], validityPeriod: 60, scopes: [] } }),
  },
  [`POST ${ofApplications}/keys/{keyType}/generate-token`]: {
    with: (its) => ({ body: { consumerSecret: its['consumerSecret'], validityPeriod: 60, scopes: [] } }),
  },
  [`POST ${ofApplications}/oauth-keys/{keyMappingId}/generate-secret`]: { with: () => ({ body: {} }) },
  [`POST ${ofApplications}/oauth-keys/{keyMappingId}/revoke-secret`]: { with: (its) => ({ body: { secretId: its['secretId'] } }) },
  'GET /subscriptions/{subscriptionId}/usage': { path: { subscriptionId: 'paidSubscriptionId' } },
  'GET /me/organization-information': ORGANIZATION,
  'GET /settings': { unmarked: 'the tenant changes none of the settings' },
  'GET /sdk-gen/languages': { unmarked: 'what the server can do' },
  'GET /tenants': { tells: [['domain'], 'which tenants there are is no secret'], unmarked: 'tells domains only' },
  'GET /subscriptions': { with: (its) => ({ query: { applicationId: its['applicationId'] } }) },
  'POST /subscriptions': {
    with: (its) => ({ body: { apiId: its['apiId'], applicationId: its['spareApplicationId'], throttlingPolicy: 'Unlimited' } }),
  },
  'POST /subscriptions/multiple': {
    with: (its) => ({
      body: [{ apiId: its['redeployedApiId'], applicationId: its['spareApplicationId'], throttlingPolicy: 'Unlimited' }],
    }),
  },
  'GET /webhooks/subscriptions': { with: (its) => ({ query: { applicationId: its['applicationId'] } }) },
  'POST /apis/{apiId}/api-keys/generate': { with: () => ({ body: { keyName: unique('k'), keyType: 'PRODUCTION', validityPeriod: 60 } }) },
  'POST /apis/{apiId}/api-keys/regenerate': { mixes: [404], with: apiKey('apiKeyId') },
  'POST /apis/{apiId}/api-keys/associate': {
    mixes: [404],
    with: (its) => ({ body: { keyUUID: its['apiKeyId'], applicationUUID: its['subscribedApplicationId'] } }),
  },
  'POST /apis/{apiId}/api-keys/dissociate': { mixes: [404], with: apiKey('apiKeyId') },
  [`POST ${ofApplications}/api-keys/{keyType}/associate`]: {
    path: { applicationId: 'subscribedApplicationId' },
    mixes: [404],
    with: (its) => ({ body: { apiUUID: its['apiId'], keyUUID: its['apiKeyId'] } }),
  },
  [`POST ${ofApplications}/api-keys/{keyType}/dissociate`]: {
    path: { applicationId: 'subscribedApplicationId' },
    mixes: [404],
    with: apiKey('apiKeyId'),
  },
  'POST /apis/{apiId}/api-keys/revoke': { mixes: [404], with: apiKey('apiKeyId') },
  [`POST ${ofApplications}/api-keys/{keyType}/generate`]: { with: () => ({ body: { keyName: unique('k'), validityPeriod: 60 } }) },
  [`POST ${ofApplications}/api-keys/{keyType}/regenerate`]: { mixes: [404], with: apiKey('applicationKeyId') },
  [`POST ${ofApplications}/api-keys/{keyType}/revoke`]: { mixes: [404], with: apiKey('applicationKeyId') },
  'POST /me/change-password': OWN_ONLY,
  'POST /apis/{apiId}/comments': { with: () => ({ body: { content: 'Well', category: 'general' } }) },
  'GET /apis/{apiId}/comments/{commentId}': { path: { commentId: 'portalCommentId' } },
  'PATCH /apis/{apiId}/comments/{commentId}': { path: { commentId: 'portalCommentId' }, with: () => ({ body: { content: 'Changed' } }) },
  'DELETE /apis/{apiId}/comments/{commentId}': { path: { commentId: 'portalCommentId' } },
  'PUT /apis/{apiId}/user-rating': { with: () => ({ body: { rating: 1 } }) },
  'GET /search': { with: (its) => ({ query: { query: `${its['mark']}*` } }), isList: true },
  [`POST ${ofApplications}/oauth-keys/{keyMappingId}/clean-up`]: {
    path: { applicationId: 'subscribedApplicationId', keyMappingId: 'otherKeyMappingId' },
  },
  [`POST ${ofApplications}/keys/{keyType}/clean-up`]: { path: { keyType: 'sandboxType' } },
  'GET /recommendations': { unmarked: 'nothing is like what the administrator subscribed to' },
});
