import { unique } from '../support/unique.js';
import type { Ids } from './furnished-tenant.js';
import { type Cell, OWN_ONLY, of, type Table, TEXT_ONLY } from './matrix.js';

// APIs for other servers and for the administrators of all tenants.

const SERVES_ALL = 'the super tenant’s administrators run the gateways and key managers of all tenants';
const FOREIGN_TENANT = [400] as const;
const artifact = (): Cell => ({
  with: (its) => ({ query: { apiName: its['servedApiName'], version: '1.0.0', tenantDomain: its['domain'] } }),
  refused: FOREIGN_TENANT,
  superMay: SERVES_ALL,
});
const inTenant = { refused: [400, 404], superMay: SERVES_ALL } as const;

const GATEWAY: Table = of('gateway', {
  'GET /server-startup-healthcheck': 'tells of the server alone',
  'GET /api-artifact': artifact(),
  'GET /local-entry': artifact(),
  'GET /sequence': artifact(),
  'GET /end-points': artifact(),
  'POST /redeploy-api': artifact(),
  'POST /undeploy-api': artifact(),
  'GET /apis': { ...inTenant, with: (its) => ({ query: { tenantDomain: its['domain'] } }) },
  'GET /apis/{apiId}': { ...inTenant },
  'GET /applications': { ...inTenant, with: (its) => ({ query: { uuid: its['applicationId'] } }) },
  'GET /subscriptions': {
    ...inTenant,
    with: (its) => ({ query: { apiUUID: its['apiId'], appUUID: its['subscribedApplicationId'] } }),
  },
});

/** A list that gateways ask for with the tenant in a header. */
const feed = (more: Partial<Cell> = {}): Cell => ({
  with: (its) => ({ headers: { xWSO2Tenant: its['domain'] ?? '' } }),
  refused: FOREIGN_TENANT,
  superMay: SERVES_ALL,
  ...more,
});
const ofAll = { isList: true, superMay: SERVES_ALL } as const;

const INTERNAL: Table = of('internal', {
  ...Object.fromEntries(
    [
      ...['apis', 'applications', 'subscriptions', 'application-key-mappings', 'scopes', 'api-keys', 'keymanagers', 'tenant-info'],
      ...[
        'subscription-policies',
        'application-policies',
        'api-policies',
        'endpoint-certificates',
        'runtime-artifacts',
        'runtime-metadata',
      ],
    ].map((list) => [`GET /${list}`, feed()]),
  ),
  'GET /ga-config': feed({ unmarked: 'is what the tenant configuration says of analytics, which is nothing' }),
  'GET /gateway-policy-artifacts': feed(),
  'GET /webhooks-subscriptions': feed({ unmarked: 'nobody subscribed to a webhook' }),
  'PATCH /apis/deployed-revisions': 'is tried from another tenant in test/internal-data/deployed-revisions',
  'POST /apis/undeployed-revision': 'is tried from another tenant in test/internal-data/deployed-revisions',
  'POST /subscribe-internal': 'is tried from another tenant in test/internal-data/gateway-needs',
  'GET /api-logging-configs': feed({ unmarked: 'no API of the tenant has a level' }),
  'GET /global-policies': feed({ unmarked: 'a tenant has no custom rules' }),
  'GET /correlation-configs': { ...ofAll, unmarked: 'is of the server as a whole' },
  'GET /block': { ...ofAll },
  'GET /keyTemplates': { ...ofAll, unmarked: 'a tenant has no custom rules' },
  'GET /revokedjwt': { ...ofAll, unmarked: 'nothing is revoked yet' },
  'GET /apis/{apiId}': { superMay: SERVES_ALL },
  'POST /retrieve-api-artifacts': feed({
    with: (its) => ({ headers: { xWSO2Tenant: its['domain'] ?? '' }, body: { uuids: [its['apiId']] } }),
  }),
  'POST /notify': {
    with: (its) => ({
      headers: { 'x-wso2-key-manager': 'default' },
      body: { type: 'subject_entity_revocation_event', entityId: its['userId'] },
    }),
    superMay: SERVES_ALL,
  },
  'POST /notify-gateway': {
    with: (its) => ({
      body: {
        ...{ payloadType: 'REGISTER', environmentLabels: [its['name']], gatewayId: its['outsideGatewayId'] },
        ...{ gatewayProperties: { ipAddress: '10.0.0.7' }, timeStamp: Date.now() },
      },
    }),
    refused: [400],
  },
  'POST /notify-api-deployment-status': {
    refused: [200],
    says: 'DROPPED',
    with: (its) => ({
      body: {
        count: 1,
        list: [
          {
            ...{ gatewayId: its['outsideGatewayId'], apiId: its['apiId'], tenantDomain: its['domain'], deploymentStatus: 'FAILURE' },
            ...{ timeStamp: Date.now(), action: 'DEPLOY', revisionId: its['revisionId'], errorCode: 1, errorMessage: 'no' },
          },
        ],
      },
    }),
  },
  'POST /transaction-records': 'the super tenant’s alone: other tenants have none',
});

const DEVOPS: Table = of('devops', {
  'GET /config/correlation': { isList: true, unmarked: 'is of the server as a whole' },
  'PUT /config/correlation': 'is of the server as a whole, and the super tenant’s alone',
  'GET /tenant-logs/{tenant}/apis': { refused: [403], superMay: SERVES_ALL, own: [403, 'logging is the super tenant’s alone'] },
  'GET /tenant-logs/{tenant}/apis/{apiId}': { refused: [403], superMay: SERVES_ALL, own: [403, 'logging is the super tenant’s alone'] },
  'PUT /tenant-logs/{tenant}/apis/{apiId}': {
    with: () => ({ body: { logLevel: 'FULL' } }),
    refused: [403],
    superMay: SERVES_ALL,
    own: [403, 'logging is the super tenant’s alone'],
  },
});

const registration = () => ({
  body: { client_name: unique('dcr'), redirect_uris: ['https://example.com/'], grant_types: ['client_credentials'] },
});
const claimsOf = (its: Ids) => ({ body: { username: its['username'], dialect: 'http://wso2.org/claims' } });

const keyManager = (face: string, more: Partial<Cell>, isOwn: boolean): Table => {
  const number = isOwn ? '' : '2';
  const client = { path: { clientId: `clientId${number}` } };
  const secret = { path: { ...client.path, secretId: `clientSecretId${number}` } };
  return of(face, {
    'POST /dcr/register': isOwn ? OWN_ONLY : { ...more, with: registration },
    'GET /dcr/register/{clientId}': { ...client, ...more },
    'PUT /dcr/register/{clientId}': { ...client, ...more, with: registration },
    'GET /dcr/register/{clientId}/secrets': { ...client, ...more },
    'GET /dcr/register/{clientId}/secrets/{secretId}': { ...secret, ...more },
    'POST /dcr/register/{clientId}/generate-secret': { ...client, ...more, with: () => ({ body: {} }) },
    'POST /dcr/register/{clientId}/change-owner': { ...client, ...more, with: (its) => ({ query: { applicationOwner: its['heir'] } }) },
    'POST /dcr/register/{clientId}/regenerate-consumer-secret': 'is for servers whose clients have one secret each',
    'GET /user-info/claims': { ...more, with: (its) => ({ query: { username: its['username'] } }) },
    'POST /user-info/claims/generate': { ...more, with: claimsOf },
    'POST /revoke-one-time-token': {
      // A token that is not the tenant’s is as good as dead, as in RFC 7009.
      ...{ refused: [200] },
      ...more,
      with: (its) => ({ body: { token: its['oneTimeToken'], consumer_key: its['consumerKey'] } }),
    },
    'DELETE /dcr/register/{clientId}/secrets/{secretId}': { ...secret, ...more },
    'DELETE /dcr/register/{clientId}': { ...client, ...more },
  });
};

const title = () => ({ body: { Operations: [{ op: 'add', path: 'title', value: 'Dr.' }] } });
const search = () => ({ body: { startIndex: 1, count: 1000 } });
const rename = () => ({ body: { Operations: [{ op: 'replace', path: 'displayName', value: unique('r') }] } });
const DISCOVERY = 'what the server can do, the same for everybody';

const scim = (face: string, more: Partial<Cell>, isOwn: boolean): Table => {
  const users = { path: { id: isOwn ? 'userId' : 'userId2' } };
  return of(face, {
    ...(isOwn ? {} : Object.fromEntries(['Users', 'Groups', 'Roles', 'v2/Roles'].map((path) => [`GET /${path}`, more]))),
    'GET /ServiceProviderConfig': DISCOVERY,
    'GET /ResourceTypes': DISCOVERY,
    'GET /Schemas': DISCOVERY,
    'GET /Schemas/{id}': DISCOVERY,
    'GET /Me': isOwn ? { isList: true, unmarked: 'the administrator was not made by the population' } : { ...more },
    'PATCH /Me': isOwn ? OWN_ONLY : { ...more, with: title },
    'POST /Users': isOwn ? OWN_ONLY : { ...more, with: () => ({ body: { userName: unique('u'), password: 'Passw0rd1' } }) },
    'POST /Users/.search': { ...more, with: search, ...(isOwn && { isList: true }) },
    'GET /Users/{id}': { ...users, ...more },
    'PUT /Users/{id}': { ...users, ...more },
    'PATCH /Users/{id}': { ...users, ...more, with: title },
    'DELETE /Users/{id}': { ...users, ...more },
    ...Object.fromEntries(
      [
        ['Groups', 'groupId'],
        ['Roles', 'scimRoleId'],
        ['v2/Roles', 'scimRoleV2Id'],
      ].flatMap(([path, id]): readonly (readonly [string, Cell | string])[] => {
        const path_ = { path: { id: isOwn ? String(id) : `${id}2` } };
        return [
          [`POST /${path}`, isOwn ? OWN_ONLY : { ...more, with: () => ({ body: { displayName: unique('r') } }) }],
          [`POST /${path}/.search`, { ...more, with: search, ...(isOwn && { isList: true }) }],
          [`GET /${path}/{id}`, { ...path_, ...more }],
          [`PUT /${path}/{id}`, { ...path_, ...more }],
          [`PATCH /${path}/{id}`, { ...path_, ...more, with: rename }],
          [`DELETE /${path}/{id}`, { ...path_, ...more }],
        ];
      }),
    ),
  });
};

const forSuper: Cell = {
  refused: [403],
  own: [403, 'tenants are managed by the super tenant’s administrators'],
  superMay: 'they manage the tenants',
};

const TENANTS: Table = of('tenants', {
  'GET /tenants': { ...forSuper, with: () => ({}) },
  'POST /tenants': 'makes a tenant; the super tenant’s alone',
  'HEAD /tenants/domain/{domain}': forSuper,
  'GET /tenants/domain/{domain}': forSuper,
  'GET /tenants/{tenantId}': forSuper,
  'GET /tenants/{tenantId}/owners': forSuper,
  'GET /tenants/{tenantId}/owners/{ownerId}': forSuper,
  'PUT /tenants/{tenantId}/owners/{ownerId}': {
    ...forSuper,
    with: () => ({ body: { email: 'x@y.test', firstname: 'X', lastname: 'Y' } }),
  },
  'PUT /tenants/{tenantId}/lifecycle-status': { ...forSuper, with: () => ({ body: { activated: false } }) },
  'DELETE /tenants/{tenantId}/metadata': forSuper,
});

const PROBE = 'tells of the server alone';

const SOAP_SERVICES = ['OAuthAdminService', 'RemoteUserStoreManagerService', 'TenantMgtAdminService', 'UserAdmin'];

/** Each answers many operations at one address. */
const SOAP: Table = Object.fromEntries(
  SOAP_SERVICES.flatMap((service) =>
    [service, `${service}.${service}HttpsSoap11Endpoint`].flatMap((name) =>
      ['/services', '/t/{tenant}/services'].flatMap((base): readonly (readonly [string, string])[] => [
        [`server GET ${base}/${name}`, 'tells nobody anything'],
        [`server POST ${base}/${name}`, 'its operations are tried from another tenant in test/identity/admin-services'],
      ]),
    ),
  ),
);

const SERVER: Table = of('server', {
  'GET /healthz': PROBE,
  'GET /readyz': PROBE,
  'GET /startupz': PROBE,
  'GET /services/Version': PROBE,
  'GET /metrics': PROBE,
  'DELETE /client-registration/v0.17': 'does nothing, for nobody',
  'DELETE /client-registration/v0.17/register': 'does nothing, for nobody',
  'POST /client-registration/v0.17/register': OWN_ONLY,
  'POST /api/identity/user/v1.0/me': OWN_ONLY,
  'POST /api/identity/user/v1.0/validate-username': TEXT_ONLY,
  'POST /t/{tenant}/api/identity/user/v1.0/me': {
    with: () => ({ body: { user: { username: unique('u'), password: 'Passw0rd1', claims: [] }, properties: [] } }),
    refused: [403],
  },
  'POST /t/{tenant}/api/identity/user/v1.0/validate-username': {
    with: (its) => ({ body: { username: its['heir'] } }),
    refused: [403],
  },
});

const CATALOG: Table = of('service-catalog', { 'GET /settings': { unmarked: 'is the same for every tenant' } });

const INSTALLATION = 'what a server serves is for the super tenant alone to see';

const GATEHOUSE: Table = of('gatehouse', {
  'POST /workflows/{referenceId}/callback':
    'is opened by a signature, which a system outside makes for one task (test/gatehouse/workflow-callbacks)',
  'GET /applications/{applicationId}/pending-change': { path: { applicationId: 'changedApplicationId' } },
  'DELETE /applications/{applicationId}/pending-change': { path: { applicationId: 'changedApplicationId' } },
  'GET /subscriptions/{subscriptionId}/pending-change': { path: { subscriptionId: 'changedSubscriptionId' } },
  'DELETE /subscriptions/{subscriptionId}/pending-change': { path: { subscriptionId: 'changedSubscriptionId' } },
  'GET /resources': { unmarked: INSTALLATION, own: [403, INSTALLATION], superMay: INSTALLATION },
  'DELETE /tenant-theme': OWN_ONLY,
  'GET /audit': { tells: [['domain', 'tenantId', 'ownerId'], 'the super tenant’s administrators made the tenant'] },
  'GET /audit/export': { tells: [['domain', 'tenantId', 'ownerId'], 'the super tenant’s administrators made the tenant'] },
});

export const SERVERS: Table = {
  ...GATEHOUSE,
  ...CATALOG,
  ...GATEWAY,
  ...INTERNAL,
  ...DEVOPS,
  ...keyManager('key-manager', {}, true),
  ...keyManager('key-manager of a tenant', { refused: [403], superMay: SERVES_ALL }, false),
  ...scim('scim', {}, true),
  ...scim('scim of a tenant', { refused: [403] }, false),
  ...TENANTS,
  ...SERVER,
  ...SOAP,
};
