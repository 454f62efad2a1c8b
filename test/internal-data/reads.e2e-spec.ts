import { createHash } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import { UnknownTenant } from '../../src/runtime-data/addressed-tenants.js';
import { ApiGone } from '../../src/runtime-data/internal/internal-data.problems.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import { certificate, upload } from '../support/certificates.js';
import { type Body, management } from '../support/client.js';
import { callingTenants } from '../support/cross-tenant.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;

interface List {
  readonly count: number;
  readonly list: readonly Body[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const read = async <T = List>(by: Actor, operation: string, tenant: string, query: Readonly<Record<string, string>> = {}): Promise<T> =>
  expected(await by.internalData<T>(operation, { query, headers: { xWSO2Tenant: tenant } }), 200);

/** A tenant in which there is one of everything. */
const furnished = async () => {
  const organization = await given.organization();
  const { admin } = organization;
  const scope = { name: unique('scope'), displayName: 'Reading', description: 'May read', bindings: ['admin'] };
  const subscribed = await given.subscriber({
    by: admin,
    probe: false,
    with: {
      securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'],
      scopes: [{ scope, shared: false }],
      operations: [{ target: '/pets', verb: 'GET', scopes: [scope.name] }],
    },
  });
  return { ...organization, ...subscribed, scope };
};

describe('lists for gateways', () => {
  it('hold the APIs, whole or in short, deployed or not', async () => {
    const { admin, domain, api, scope } = await furnished();
    const undeployed = await given.api({ by: admin, with: { operations: [{ target: '/x', verb: 'POST' }] } });

    const all = await read(admin, 'GET /apis', domain);

    expect(all.list).toEqual([
      {
        ...{ uuid: api.id, apiId: expect.any(Number), provider: `admin@${domain}`, name: api.name, version: '1.0.0', context: api.url },
        ...{ contextTemplate: `${api.context}/{version}`, apiType: 'HTTP', status: 'PUBLISHED', organization: domain },
        ...{ isDefaultVersion: false, apiPolicies: [], isSubscriptionValidationDisabled: false, isEgress: false, subtype: 'DEFAULT' },
        securityScheme: 'oauth2,api_key,oauth_basic_auth_api_key_mandatory',
        urlMappings: [
          {
            ...{ authScheme: 'Application & Application User', throttlingPolicy: 'Unlimited', httpMethod: 'GET', urlPattern: '/pets' },
            scopes: [scope.name],
          },
        ],
      },
      expect.objectContaining({ uuid: undeployed.id, urlMappings: [expect.objectContaining({ httpMethod: 'POST', urlPattern: '/x' })] }),
    ]);
    const ids = async (query: Readonly<Record<string, string>>) =>
      (await read(admin, 'GET /apis', domain, query)).list.map(({ uuid }) => uuid);
    expect(await ids({ gatewayLabel: 'Default' })).toEqual([api.id]);
    expect(await ids({ gatewayLabel: 'Elsewhere' })).toEqual([]);
    expect(await ids({ apiId: undeployed.id })).toEqual([undeployed.id]);
    expect(await ids({ apiId: 'none' })).toEqual([]);
    expect(await ids({ context: api.url, version: '1.0.0' })).toEqual([api.id]);
    expect((await read(admin, 'GET /apis', domain, { expand: 'false' })).list[0]).not.toHaveProperty('urlMappings');
    const window = await read(admin, 'GET /apis', domain, { limit: '1', offset: '1' });
    expect([window.count, window.list[0]?.['uuid'], window.pagination.total]).toEqual([1, undeployed.id, 2]);
  });

  it('hold a single API', async () => {
    const { admin, api } = await furnished();
    const path = { apiId: api.id };

    for (const by of [admin, superAdmin]) {
      expect(expected(await by.internalData<List>('GET /apis/{apiId}', { path }), 200).list).toEqual([
        expect.objectContaining({ uuid: api.id }),
      ]);
    }
    const { admin: stranger } = await given.organization();
    expect(await stranger.internalData('GET /apis/{apiId}', { path })).toFailWith(ApiGone(api.id));
    expect(await stranger.internalData('GET /apis/{apiId}', { path, as: { bearer: await superAdmin.token() } })).toFailWith(
      Unauthenticated(),
    );
  });

  it('hold applications, subscriptions and clients, which name one another', async () => {
    const { admin, domain, api, application, subscription, keys } = await furnished();

    const { list: applications } = await read(admin, 'GET /applications', domain);
    const { list: subscriptions } = await read(admin, 'GET /subscriptions', domain);
    const { list: mappings } = await read(admin, 'GET /application-key-mappings', domain);
    const { list: apis } = await read(admin, 'GET /apis', domain);

    const known = applications.find(({ uuid }) => uuid === application.applicationId) ?? {};
    expect(known).toEqual({
      ...{
        uuid: application.applicationId,
        id: expect.any(Number),
        name: application.name,
        subName: `admin@${domain}`,
        policy: 'Unlimited',
      },
      ...{ tokenType: 'JWT', groupIds: [], attributes: {}, organization: domain },
    });
    expect(subscriptions).toEqual([
      {
        ...{ subscriptionUUID: subscription.subscriptionId, subscriptionId: expect.any(Number), policyId: 'Unlimited' },
        ...{ apiUUID: api.id, apiId: apis[0]?.['apiId'], apiName: api.name, apiVersion: '1.0.0', apiOrganization: domain },
        ...{
          applicationUUID: application.applicationId,
          appId: known['id'],
          applicationOrganization: domain,
          subscriptionState: 'UNBLOCKED',
        },
      },
    ]);
    expect(mappings).toEqual([
      {
        ...{ applicationId: known['id'], applicationUUID: application.applicationId, consumerKey: keys.consumerKey },
        ...{ keyType: 'PRODUCTION', keyManager: 'Resident Key Manager' },
      },
    ]);
    const counts = async (operation: string, queries: readonly Readonly<Record<string, string>>[]) =>
      Promise.all(queries.map(async (query) => (await read(admin, operation, domain, query)).count));
    expect(await counts('GET /applications', [{ appId: String(known['id']) }, { appId: '1' }])).toEqual([1, 0]);
    const numbers = { apiId: String(apis[0]?.['apiId']), appId: String(known['id']) };
    const uuids = { apiUUID: api.id, applicationUUID: application.applicationId };
    expect(await counts('GET /subscriptions', [numbers, uuids, { ...uuids, apiId: '-1' }, { apiUUID: 'x' }])).toEqual([1, 1, 0, 0]);
    const consumerKey = keys.consumerKey;
    expect(
      await counts('GET /application-key-mappings', [{ consumerKey, keymanager: 'Resident Key Manager' }, { consumerKey: 'x' }]),
    ).toEqual([1, 0]);
    expect(await counts('GET /application-key-mappings', [{ consumerKey, keymanager: 'Other' }])).toEqual([0]);
  });

  it('hold subscribers of other tenants, with what callers are known by', async () => {
    const { provider, consumer, api, application, subscription, keys } = await callingTenants();
    const own = expected(
      await consumer.admin.devportal<{ consumerKey: string }>('POST /applications/{applicationId}/generate-keys', {
        path: { applicationId: application.applicationId },
        body: { keyType: 'PRODUCTION', keyManager: 'Resident Key Manager', grantTypesToBeSupported: ['client_credentials'] },
      }),
      200,
    );
    const ofProvider = (operation: string) => read(provider.admin, operation, provider.domain);

    const uuids = { subscriptionUUID: subscription.subscriptionId, apiUUID: api.id, applicationUUID: application.applicationId };
    const organizations = { apiOrganization: provider.domain, applicationOrganization: consumer.domain };
    expect((await ofProvider('GET /subscriptions')).list).toEqual([expect.objectContaining({ ...uuids, ...organizations })]);
    expect((await read(consumer.admin, 'GET /subscriptions', consumer.domain)).list).toHaveLength(1);
    const { list: applications } = await ofProvider('GET /applications');
    expect(applications).toContainEqual(expect.objectContaining({ uuid: application.applicationId, organization: consumer.domain }));
    expect(applications.filter(({ organization }) => organization !== provider.domain)).toHaveLength(1);
    const { list: mappings } = await ofProvider('GET /application-key-mappings');
    expect(mappings).toEqual([expect.objectContaining({ applicationUUID: application.applicationId, consumerKey: keys.consumerKey })]);

    const path = { apiId: api.id };
    const shown = expected(await provider.admin.gatewayRest<{ subscripitons: readonly Body[] }>('GET /apis/{apiId}', { path }), 200);
    expect(shown.subscripitons).toEqual([
      expect.objectContaining({
        subscriptionUUID: subscription.subscriptionId,
        application: expect.objectContaining({
          uuid: application.applicationId,
          keys: [{ consumerKey: keys.consumerKey, keyType: 'PRODUCTION', keyManager: 'Resident Key Manager' }],
        }),
      }),
    ]);
    expect(JSON.stringify([applications, mappings, shown])).not.toContain(own.consumerKey);
  });

  it('hold scopes with their roles: an API’s own, and those that APIs share', async () => {
    const { admin, domain, scope } = await furnished();
    const shared = { name: unique('shared'), displayName: 'Shared', description: '', bindings: ['admin'] };
    expected(await admin.publisher('POST /scopes', { body: shared }), 201);

    const { list } = await read(admin, 'GET /scopes', domain);

    expect(list).toHaveLength(2);
    expect(list).toContainEqual({ name: scope.name, displayName: 'Reading', description: 'May read', roles: ['admin'] });
    expect(list).toContainEqual({ name: shared.name, displayName: 'Shared', description: '', roles: ['admin'] });
    expect((await read(admin, 'GET /scopes', domain, { scopeKey: shared.name })).count).toBe(1);
  });

  it('hold plans and policies, with conditions in the product’s words', async () => {
    const { admin, domain } = await given.organization();
    const policyName = unique('policy');
    const requestCount = { timeUnit: 'min', unitTime: 1, requestCount: 7 };
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount };
    const conditions = [
      { type: 'IPCONDITION', ipCondition: { ipConditionType: 'IPRANGE', startingIP: '10.0.0.1', endingIP: '10.0.0.9' } },
      { type: 'HEADERCONDITION', invertCondition: true, headerCondition: { headerName: 'X-A', headerValue: 'a' } },
    ];
    const body = { policyName, defaultLimit, conditionalGroups: [{ conditions, limit: defaultLimit }] };
    expected(await admin.admin('POST /throttling/policies/advanced', { body }), 201);

    const [advanced] = (await read(admin, 'GET /api-policies', domain, { policyName })).list;
    const [gold] = (await read(admin, 'GET /subscription-policies', domain, { policyName: 'Gold' })).list;
    const [ten] = (await read(admin, 'GET /application-policies', domain, { policyName: '10PerMin' })).list;

    const limit = { quotaType: 'requestCount', requestCount };
    expect(advanced).toMatchObject({ name: policyName, tenantDomain: domain, quotaType: 'requestCount', defaultLimit: limit });
    expect(advanced?.['conditionGroups']).toEqual([
      {
        ...{ policyId: advanced?.['id'], quotaType: 'requestCount', conditionGroupId: 1, defaultLimit: limit },
        condition: [
          { conditionType: 'IPRange', name: 'startingIP', value: '10.0.0.1', isInverted: false },
          { conditionType: 'IPRange', name: 'endingIP', value: '10.0.0.9', isInverted: false },
          { conditionType: 'Header', name: 'X-A', value: 'a', isInverted: true },
        ],
      },
    ]);
    expect(gold).toMatchObject({ name: 'Gold', tenantDomain: domain, stopOnQuotaReach: true, graphQLMaxDepth: 0 });
    expect(gold?.['tenantId']).toBe(advanced?.['tenantId']);
    expect(ten).toMatchObject({ defaultLimit: { requestCount: { requestCount: 10 } }, burstLimit: { rateLimitCount: 0 } });
  });

  it('hold custom rules for the super tenant alone', async () => {
    const { admin, domain } = await given.organization();
    const policyName = unique('rule');
    const siddhiQuery =
      "FROM RequestStream SELECT userId, ( userId == 'x@carbon.super' ) AS isEligible, str:concat('x@carbon.super','') as throttleKey INSERT INTO EligibilityStream; FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min) SELECT throttleKey, (count(userId) >= 5) as isThrottled, expiryTimeStamp group by throttleKey INSERT ALL EVENTS into ResultStream;";
    const body = { policyName, siddhiQuery, keyTemplate: '$userId' };
    const made = expected(await superAdmin.admin<{ policyId: string }>('POST /throttling/policies/custom', { body }), 201);

    const rules = await read(superAdmin, 'GET /global-policies', 'carbon.super', { policyName });
    const templates = expected(await superAdmin.internalData('GET /keyTemplates'), 200);
    const foreign = await read(admin, 'GET /global-policies', domain);
    const none = expected(await admin.internalData('GET /keyTemplates'), 200);
    await superAdmin.admin('DELETE /throttling/policies/custom/{ruleId}', { path: { ruleId: made.policyId } });

    expect(rules.list).toEqual([expect.objectContaining({ name: policyName, siddhiQuery, keyTemplate: '$userId', tenantId: -1234 })]);
    expect(templates).toContain('$userId');
    expect([foreign.count, none]).toEqual([0, []]);
  });

  it('hold deny policies that are in force', async () => {
    const { admin, domain } = await given.organization();
    const deny = async (conditionType: string, conditionValue: unknown, conditionStatus = true) =>
      expected(await admin.admin('POST /throttling/deny-policies', { body: { conditionType, conditionValue, conditionStatus } }), 201);
    await deny('USER', `mallory@${domain}`);
    await deny('IP', { fixedIp: '10.1.1.1', invert: false });
    await deny('IPRANGE', { startingIp: '10.2.0.1', endingIp: '10.2.0.9', invert: true });
    await deny('USER', `eve@${domain}`, false);

    const blocked = expected(await admin.internalData('GET /block'), 200);

    const ip = { tenantDomain: domain, id: expect.any(Number) };
    expect(blocked).toEqual({
      ...{ api: [], application: [], user: [`mallory@${domain}`], custom: [], subscription: [] },
      ip: [
        { type: 'IP', fixedIp: '10.1.1.1', invert: false, ...ip },
        { type: 'IPRANGE', startingIp: '10.2.0.1', endingIp: '10.2.0.9', invert: true, ...ip },
      ],
    });
    expect(JSON.stringify(expected(await superAdmin.internalData('GET /block'), 200))).toContain(`mallory@${domain}`);
    const { admin: stranger } = await given.organization();
    expect(JSON.stringify(expected(await stranger.internalData('GET /block'), 200))).not.toContain('mallory');
  });

  it('hold key managers without the secrets of their connection', async () => {
    const { admin, domain } = await given.organization();
    const [name, secret] = [unique('idp'), unique('secret')];
    const body = {
      ...{
        name,
        displayName: name,
        type: 'CustomKeyManager',
        issuer: `https://${name}.example.com`,
        tokenEndpoint: 'https://idp.example.com/token',
      },
      ...{ certificates: { type: 'JWKS', value: 'https://idp.example.com/jwks' }, consumerKeyClaim: 'azp', scopesClaim: 'scope' },
      additionalProperties: { client_id: 'gatehouse', client_secret: secret },
    };
    expected(await admin.admin('POST /key-managers', { body }), 201);

    const list = await read<readonly Body[]>(admin, 'GET /keymanagers', domain);

    const outside = list.find((each) => each['name'] === name);
    expect(outside).toMatchObject({
      type: 'CustomKeyManager',
      additionalProperties: { issuer: body.issuer, certificate_value: 'https://idp.example.com/jwks', consumer_key_claim: 'azp' },
    });
    const resident = list.find((each) => each['type'] === 'default');
    expect(resident).toMatchObject({
      ...{ enabled: true, organization: domain, tokenType: 'DIRECT' },
      additionalProperties: {
        certificate_type: 'JWKS',
        certificate_value: expect.stringContaining(`/t/${domain}/oauth2/jwks`),
        self_validate_jwt: true,
      },
    });
    const { certificate_value: jwks = '' } = resident?.['additionalProperties'] as Record<string, string>; // as was just seen
    expect((await management.request(`GET ${new URL(jwks).pathname}`)).status).toBe(200);
    expect(JSON.stringify(list)).not.toContain(secret);
  });

  it('hold API keys by their hash', async () => {
    const { admin, domain, api, application } = await furnished();
    const path = { apiId: api.id };
    const options = { path, body: { keyName: 'k', keyType: 'PRODUCTION', additionalProperties: { permittedIP: '10.0.0.0/8' } } };
    const { apikey } = expected(await admin.devportal<{ apikey: string }>('POST /apis/{apiId}/api-keys/generate', options), 200);
    const listed = expected(await admin.devportal<{ list: readonly { keyUUID: string }[] }>('GET /apis/{apiId}/api-keys', { path }), 200);
    const body = { keyUUID: listed.list[0]?.keyUUID, applicationUUID: application.applicationId };
    expected(await admin.devportal('POST /apis/{apiId}/api-keys/associate', { path, body }), 200, 201);

    const lists = await read<readonly List[]>(admin, 'GET /api-keys', domain);

    expect(lists).toHaveLength(1);
    expect(lists[0]?.list).toEqual([
      expect.objectContaining({
        ...{ apiKeyHash: createHash('sha256').update(apikey).digest('hex'), keyName: 'k', keyType: 'PRODUCTION', status: 'ACTIVE' },
        ...{ authUser: `admin@${domain}`, apiUUID: api.id, applicationUUID: application.applicationId, keyBoundary: 'API' },
        additionalProperties: { permittedIP: '10.0.0.0/8', permittedReferer: '' },
      }),
    ]);
    expect(JSON.stringify(lists)).not.toContain(apikey);
  });

  it('hold what was revoked', async () => {
    const { admin, keys, token, domain } = await furnished();
    const jti = String((JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Body)['jti']);
    const headers = { 'x-wso2-key-manager': 'default' };
    const body = { type: 'token_revocation', accessToken: jti, expiryTime: String(Date.now() + 600_000) };
    expected(await admin.internalData('POST /notify', { headers, body }), 200);
    const ofClient = { type: 'consumer_app_revocation_event', consumerKey: keys.consumerKey };
    expected(await admin.internalData('POST /notify', { headers, body: ofClient }), 200);

    const events = expected(await admin.internalData('GET /revokedjwt'), 200);

    expect(events['revokedJWTList']).toEqual([{ jwt_signature: jti, expiry_time: expect.any(Number) }]);
    expect(events['revokedJWTConsumerKeyList']).toEqual([
      expect.objectContaining({ consumer_key: keys.consumerKey, organization: domain }),
    ]);
    expect(expected(await superAdmin.internalData('GET /revokedjwt'), 200)['revokedJWTList']).toContainEqual(
      expect.objectContaining({ jwt_signature: jti }),
    );
    expect((await requestToken({ clientId: keys.consumerKey, clientSecret: 'wrong' }, { grant_type: 'client_credentials' })).status).toBe(
      401,
    );
  });

  it('hold the tenants with their owners', async () => {
    const { admin, domain } = await given.organization();

    const own = await read<{ tenants: readonly Body[] }>(admin, 'GET /tenant-info', 'ALL');
    const all = await read<{ tenants: readonly Body[] }>(superAdmin, 'GET /tenant-info', 'ALL');
    const sought = await read<{ tenants: readonly Body[] }>(superAdmin, 'GET /tenant-info', 'ALL', {
      filter: domain.slice(0, -4).toUpperCase(),
    });

    const info = {
      ...{
        tenantId: expect.any(Number),
        admin: 'admin',
        domain,
        adminFullName: 'Anna Admin',
        adminFirstName: 'Anna',
        adminLastName: 'Admin',
      },
      ...{ email: `admin@${domain}`, active: true },
    };
    expect(own.tenants).toEqual([info]);
    expect(all.tenants[0]).toMatchObject({ tenantId: -1234, domain: 'carbon.super' });
    expect(sought.tenants).toEqual([info]);
  });

  it('hold the certificates of backends', async () => {
    const { admin, domain } = await given.organization();
    const pem = await certificate();
    const form = { certificate: upload(pem), alias: 'backend', endpoint: 'https://backend.example.com' };
    expected(await admin.publisher('POST /endpoint-certificates', { form }), 201);

    const { certificates } = await read<{ certificates: readonly Body[] }>(admin, 'GET /endpoint-certificates', domain, {
      alias: 'backend',
    });

    expect(certificates).toEqual([
      { alias: 'backend', endpoint: form.endpoint, certificate: expect.any(String), tenantId: expect.any(Number), organization: domain },
    ]);
    expect(Buffer.from(String(certificates[0]?.['certificate']), 'base64').toString()).toContain('BEGIN CERTIFICATE');
    expect(await read(admin, 'GET /endpoint-certificates', domain, { alias: 'other' })).toEqual({ certificates: [] });
  });
});

const LISTS = [
  ...['GET /apis', 'GET /applications', 'GET /subscriptions', 'GET /application-key-mappings', 'GET /scopes'],
  ...['GET /subscription-policies', 'GET /application-policies', 'GET /api-policies', 'GET /global-policies'],
  ...['GET /keymanagers', 'GET /api-keys', 'GET /endpoint-certificates', 'GET /tenant-info', 'GET /webhooks-subscriptions'],
];

describe.each([...LISTS, 'GET /ga-config'])('%s', (operation) => {
  it('is for administrators with a password, who name a tenant that is theirs', async () => {
    const [{ domain, admin }, { domain: foreign }] = [await given.organization(), await given.organization()];
    const headers = { xWSO2Tenant: domain };
    const user = await given.user({ by: admin, roles: ['Internal/creator'] });

    expect(await user.internalData(operation, { headers })).toFailWith(Unauthenticated());
    expect(await superAdmin.internalData(operation, { headers, as: { bearer: await superAdmin.token() } })).toFailWith(Unauthenticated());
    expect((await admin.internalData(operation)).status).toBe(400);
    expect(await admin.internalData(operation, { headers: { xWSO2Tenant: foreign } })).toFailWith(UnknownTenant(foreign));
    expect(await superAdmin.internalData(operation, { headers: { xWSO2Tenant: 'no.such' } })).toFailWith(UnknownTenant('no.such'));
    expect((await superAdmin.internalData(operation, { headers })).status).toBe(200);
  });
});

describe.each(LISTS)('%s', (operation) => {
  it('shows an administrator the own tenant as all there is, and those of the super tenant every one', async () => {
    const { admin, domain } = await furnished();
    const [own, all, named] = [
      await read<object>(admin, operation, 'ALL'),
      await read<object>(superAdmin, operation, 'all'),
      await read<object>(superAdmin, operation, domain),
    ];

    expect(own).toEqual(named);
    expect(JSON.stringify(all).length).toBeGreaterThanOrEqual(JSON.stringify(own).length);
  });
});

it('refuses numbers that are none', async () => {
  const headers = { xWSO2Tenant: 'ALL' };
  expect((await superAdmin.internalData('GET /applications', { headers, query: { appId: 'x' } })).status).toBe(400);
  expect((await superAdmin.internalData('GET /subscriptions', { headers, query: { apiId: '1.5' } })).status).toBe(400);
  expect((await superAdmin.internalData('GET /apis', { headers, query: { limit: '-1' } })).status).toBe(400);
});

it.each(['GET /block', 'GET /keyTemplates', 'GET /revokedjwt'])('%s is for administrators with a password', async (operation) => {
  const user = await given.user();

  expect(await user.internalData(operation)).toFailWith(Unauthenticated());
  expect(await superAdmin.internalData(operation, { as: { bearer: await superAdmin.token() } })).toFailWith(Unauthenticated());
});

it('answers under its other name too', async () => {
  const answer = await management.request('GET /internal/gateway/tenant-info', {
    as: superAdmin.basic,
    headers: { xWSO2Tenant: 'carbon.super' },
  });

  expect(answer.body).toMatchObject({ tenants: [{ domain: 'carbon.super' }] });
});
