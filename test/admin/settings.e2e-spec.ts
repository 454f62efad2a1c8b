import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';

const anybody = new Client('/api/am/admin/v4', () => NOBODY);

it('tells anybody the scopes to sign in with, and nothing else', async () => {
  const { status, body } = await anybody.request('GET /settings');

  expect(status).toBe(200);
  expect(body['scopes']).toContain('apim:admin');
  expect(body['gatewayTypes']).toEqual([]);
  expect(body['keyManagerConfiguration']).toEqual([]);
});

it('tells an administrator what can be configured', async () => {
  const { status, body } = await given.superAdmin.admin('GET /settings');

  expect(status).toBe(200);
  expect(body).toMatchObject({
    gatewayTypes: ['Regular'],
    gatewayConfiguration: [{ type: 'Regular' }],
    keyManagerConfiguration: expect.arrayContaining([
      expect.objectContaining({ type: 'default', defaultConsumerKeyClaim: 'azp', defaultScopesClaim: 'scope' }),
    ]),
    isGatewayNotificationEnabled: true,
  });
});

it('tells holders of other scopes what anybody may know', async () => {
  const { body } = await anybody.request('GET /settings');

  const told = await given.superAdmin.withScopes('apim:tier_view').admin('GET /settings');

  expect(told).toMatchObject({ status: 200, body });
  const asAdministrator = await given.superAdmin.withScopes('apim:admin_settings').admin('GET /settings');
  expect(asAdministrator.body['gatewayTypes']).toEqual(['Regular']);
});

it('has every field, and the scopes of the whole portal', async () => {
  const { body } = await given.superAdmin.admin('GET /settings');

  expect(Object.keys(body).sort()).toEqual([
    'IsJWTEnabledForLoginTokens',
    'analyticsEnabled',
    'consumptionExportEnabled',
    'gatewayConfiguration',
    'gatewayTypes',
    'isGatewayNotificationEnabled',
    'keyManagerConfiguration',
    'orgAccessControlEnabled',
    'platformGatewayVersions',
    'scopes',
    'transactionCounterEnable',
  ]);
  expect(body['scopes']).toEqual(
    expect.arrayContaining(['openid', 'apim:admin_settings', 'apim:scope_manage', 'apim:tenant_theme_manage']),
  );
});

describe('the tenant of a user', () => {
  it('is the super tenant for a bare name', async () => {
    const { body } = await given.superAdmin.admin('GET /tenant-info/{username}', { path: { username: 'admin' } });

    expect(body).toEqual({ username: 'admin', tenantDomain: 'carbon.super', tenantId: -1234 });
  });

  it('is the one after the @ sign', async () => {
    const { domain } = await given.organization();
    const username = `ann@${domain}`;

    const { body } = await given.superAdmin.admin('GET /tenant-info/{username}', { path: { username } });

    expect(body).toMatchObject({ username, tenantDomain: domain });
    expect(body['tenantId']).toBeGreaterThan(0);
  });

  it('is not found when there is none', async () => {
    const answer = await given.superAdmin.admin('GET /tenant-info/{username}', { path: { username: 'ann@nowhere.example' } });

    expect(answer).toFailWith({ status: 404, code: 404 });
  });

  it('is told to holders of the scope alone', async () => {
    const answer = await given.superAdmin
      .withScopes('apim:tier_view')
      .admin('GET /tenant-info/{username}', { path: { username: 'admin' } });

    expect(answer.status).toBe(401);
  });
});
