import { Unauthenticated } from '../../src/domain/problem.js';
import { expected } from '../support/actor.js';
import { NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

interface Settings {
  readonly scopes: readonly string[];
  readonly environment: readonly { readonly name: string; readonly vhosts: readonly Record<string, unknown>[] }[];
  readonly [name: string]: unknown;
}

const ANONYMOUS = { as: NOBODY };

it('tells anybody which scopes to ask for, and nothing else', async () => {
  const { status, body } = await given.superAdmin.publisher<Settings>('GET /settings', ANONYMOUS);

  expect(status).toBe(200);
  expect(body.scopes).toEqual(
    expect.arrayContaining(['openid', 'apim:api_create', 'apim:api_publish', 'apim:api_view', 'apim:publisher_settings']),
  );
  expect(body).toMatchObject({ IsJWTEnabledForLoginTokens: false, environment: [], gatewayTypes: [], devportalUrl: '' });
});

it('tells who is signed in what the installation offers', async () => {
  const { admin } = await given.organization();

  const { status, body } = await admin.publisher<Settings>('GET /settings');

  expect(status).toBe(200);
  expect(body).toMatchObject({
    gatewayTypes: ['Regular'],
    defaultAdvancePolicy: 'Unlimited',
    defaultSubscriptionPolicy: 'Unlimited',
    authorizationHeader: 'Authorization',
    retryCallWithNewOAuthTokenEnabled: true,
    allowSubscriptionValidationDisabling: true,
    customProperties: [],
    monetizationAttributes: [],
  });
  expect(body.environment).toMatchObject([
    {
      name: 'Default',
      type: 'hybrid',
      gatewayType: 'Regular',
      provider: 'wso2',
      showInApiConsole: true,
      permissions: { permissionType: 'PUBLIC', roles: [] },
      vhosts: [{ host: 'localhost', httpPort: 8280 + server.offset, httpsPort: 8243 + server.offset }],
    },
  ]);
});

it('has the catalogue of gateway features in both spellings', async () => {
  const { body } = await given.superAdmin.publisher<Settings>('GET /settings');

  expect(body['gatewayFeatureCatalog']).toEqual(body['GatewayFeatureCatalog']);
  expect(body['gatewayFeatureCatalog']).toMatchObject({
    apiTypes: { rest: ['wso2/synapse'], soap: ['wso2/synapse'], graphql: ['wso2/synapse'], ws: ['wso2/synapse'], ai: ['wso2/synapse'] },
    gatewayFeatures: {
      'wso2/synapse': {
        basic: expect.arrayContaining(['defaultVersion', 'advertised']),
        resources: ['apiLevelRateLimiting', 'operationLevelRateLimiting', 'operationSecurity'],
        localScopes: ['operationScopes'],
        monetization: ['monetization'],
        subscriptions: ['subscriptions'],
        tryout: ['tryout'],
      },
    },
  });
});

it('offers an environment only to those who may deploy to it', async () => {
  const { admin } = await given.organization();
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const name = unique('env');
  const body = {
    name,
    displayName: name,
    vhosts: [{ host: 'gw.example.com' }],
    permissions: { permissionType: 'ALLOW', roles: ['admin'] },
  };
  expected(await admin.admin('POST /environments', { body }), 201);

  const names = async (by: typeof admin) => (await by.publisher<Settings>('GET /settings')).body.environment.map((one) => one.name);

  expect(await names(admin)).toEqual(['Default', name]);
  expect(await names(creator)).toEqual(['Default']);
  expect(await names((await given.organization()).admin)).toEqual(['Default']);
});

it('refuses a token that is none', async () => {
  expect(await given.superAdmin.publisher('GET /settings', { as: { bearer: 'nonsense' } })).toFailWith(Unauthenticated());
});
