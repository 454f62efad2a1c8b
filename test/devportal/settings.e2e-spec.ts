import { Unauthenticated } from '../../src/domain/problem.js';
import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { configure, tenantConfig } from '../support/tenant-config.js';

interface Settings {
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly apiGatewayEndpoint: string;
}

interface TenantList {
  readonly list: readonly { readonly domain: string; readonly status: string }[];
  readonly pagination: { readonly total: number };
}

const anybody = new Client('/api/am/devportal/v3', () => NOBODY);

describe('GET /settings', () => {
  it('tells anybody the scopes to ask for, and nothing for signed-in users', async () => {
    const { status, body } = await anybody.request<Settings>('GET /settings');

    expect(status).toBe(200);
    expect(body.scopes).toEqual(expect.arrayContaining(['openid', 'apim:subscribe', 'apim:app_manage', 'apim:store_settings']));
    expect(body).toMatchObject({ grantTypes: [], apiGatewayEndpoint: '' });
  });

  it('has every field of its schema', async () => {
    const { body } = await anybody.request('GET /settings');

    expect(body).toMatchObject({
      applicationSharingEnabled: true,
      IsLegacyApiKeysEnabled: true,
      mapExistingAuthApps: false,
      monetizationEnabled: false,
      recommendationEnabled: false,
      IsUnlimitedTierPaid: false,
      identityProvider: { external: false },
      IsAnonymousModeEnabled: true,
      IsJWTEnabledForLoginTokens: false,
      orgAccessControlEnabled: true,
      userStorePasswordPattern: '^\\S{5,30}$',
      passwordPolicyPattern: '',
      passwordPolicyMinLength: -1,
      passwordPolicyMaxLength: -1,
      orgWideAppUpdateEnabled: false,
      devportalMode: 'HYBRID',
    });
  });

  it('adds grant types and the gateway’s address for a signed-in user', async () => {
    const { admin } = await given.organization();

    const { body } = await admin.devportal<Settings>('GET /settings');

    expect(body.grantTypes).toEqual(expect.arrayContaining(['client_credentials', 'password', 'refresh_token']));
    expect(body.apiGatewayEndpoint).toBe(`${server.gateway}, ${server.gatewayTls}`);
  });

  it('refuses a wrong token and an unknown tenant', async () => {
    expect(await anybody.as({ bearer: 'wrong' }).request('GET /settings')).toFailWith({ status: 401, code: 401 });
    expect(await anybody.request('GET /settings', { headers: { 'x-wso2-tenant': 'nowhere.example' } })).toFailWith({
      status: 400,
      code: 901300,
    });
  });
});

describe('GET /settings/application-attributes', () => {
  it('is empty unless attributes are configured', async () => {
    const { status, body } = await given.superAdmin.devportal('GET /settings/application-attributes');

    expect(status).toBe(200);
    expect(body).toEqual({ count: 0, list: [] });
  });

  it('lists what the tenant asks for, but for what is hidden', async () => {
    const { admin } = await given.organization();
    await configure(admin, {
      ApplicationConfigs: {
        Attributes: [
          { Attribute: 'Cost center', Description: 'Who pays', Required: true, Type: 'String', Tooltip: 'Four digits' },
          { Attribute: 'Region', Required: 'false' },
          { Attribute: 'Origin', Hidden: 'true', Default: 'portal' },
        ],
      },
    });

    const { body } = await admin.devportal('GET /settings/application-attributes');

    expect(body).toEqual({
      count: 2,
      list: [
        {
          attribute: 'Cost center',
          description: 'Who pays',
          type: 'String',
          tooltip: 'Four digits',
          required: 'true',
          hidden: 'false',
        },
        { attribute: 'Region', description: '', type: '', tooltip: '', required: 'false', hidden: 'false' },
      ],
    });
  });

  it.each([
    ['no list', { Attributes: { Attribute: 'x' } }],
    ['one without a name', { Attributes: [{ Required: true }] }],
    ['one that is there twice', { Attributes: [{ Attribute: 'x' }, { Attribute: 'x' }] }],
    ['a flag that is none', { Attributes: [{ Attribute: 'x', Required: 'maybe' }] }],
  ])('is refused as the tenant’s: %s', async (_, ApplicationConfigs) => {
    const { admin } = await given.organization();
    const body = { ...(await tenantConfig(admin)), ApplicationConfigs };

    expect(await admin.admin('PUT /tenant-config', { body })).toFailWith({ status: 400, code: 902001 });
  });

  it('is closed to guests and to a publisher', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'] });

    expect(await anybody.request('GET /settings/application-attributes')).toFailWith({ status: 401, code: 401 });
    expect(await publisher.devportal('GET /settings/application-attributes')).toFailWith({ status: 401, code: 401 });
  });
});

describe('GET /tenants', () => {
  it('lists the active tenants, and apart from them those switched off', async () => {
    const { domain } = await given.organization();
    const list = (query: Record<string, string | number>) =>
      anybody.request<TenantList>('GET /tenants', { query: { limit: 10_000, ...query } });

    const active = await list({});
    const named = await list({ state: 'active' });
    const inactive = await list({ state: 'inactive' });

    expect(active.status).toBe(200);
    expect(active.body.list).toEqual(
      expect.arrayContaining([
        { domain, status: 'active' },
        { domain: 'carbon.super', status: 'active' },
      ]),
    );
    expect(named.body.list).toEqual(expect.arrayContaining([{ domain, status: 'active' }]));
    expect(inactive.body.list).not.toEqual(expect.arrayContaining([expect.objectContaining({ domain })]));
    expect((await list({ limit: 1 })).body.list).toHaveLength(1);
  });

  it('takes the first of repeated states', async () => {
    expect((await anybody.request('GET /tenants', { query: { state: ['inactive', 'asleep'] } })).status).toBe(200);
  });

  it('refuses an unknown state', async () => {
    expect(await anybody.request('GET /tenants', { query: { state: 'asleep' } })).toFailWith({ status: 400, code: 400 });
  });
});

describe('GET /me/organization-information', () => {
  it('answers with empty fields, as nobody belongs to a consumer organization', async () => {
    const { status, body } = await given.superAdmin.devportal('GET /me/organization-information');

    expect(status).toBe(200);
    expect(body).toEqual({ organizationId: '', name: '' });
  });

  it('is closed to guests and to a publisher', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'] });

    expect(await anybody.request('GET /me/organization-information')).toFailWith({ status: 401, code: 401 });
    expect(await publisher.devportal('GET /me/organization-information')).toFailWith({ status: 401, code: 401 });
  });
});

it('admits no guests to a tenant that wants none, and tells them so', async () => {
  const { admin, domain } = await given.organization();
  const { id } = await given.publishedApi({ by: admin });
  const asGuest = (operation: string) => anybody.request(operation, { path: { id }, headers: { 'X-WSO2-Tenant': domain } });
  const operations = [
    'GET /apis',
    'GET /apis/{id}',
    'GET /apis/{id}/documents',
    'GET /api-categories',
    'GET /throttling-policies/subscription',
  ];
  for (const operation of operations) expect(await asGuest(operation)).toMatchObject({ status: 200 });

  await configure(admin, { EnableAnonymous: false });

  for (const operation of operations) expect(await asGuest(operation)).toFailWith(Unauthenticated());
  expect(await asGuest('GET /settings')).toMatchObject({ status: 200, body: { IsAnonymousModeEnabled: false } });
  expect(await admin.devportal('GET /apis/{id}', { path: { id } })).toMatchObject({ status: 200 });
  expect(await anybody.request('GET /apis')).toMatchObject({ status: 200 });
});
