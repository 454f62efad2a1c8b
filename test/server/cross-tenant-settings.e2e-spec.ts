import { Agent, fetch } from 'undici';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const TENANT = 'consumer.com';
const PASSWORD = 'Passw0rd1';
const ADMIN = 'admin:admin';
const CONSUMER = `boss@${TENANT}:${PASSWORD}`;

const SCOPE = 'vault:open';

type Body = Readonly<Record<string, unknown>>;

let cli: Cli;
let api: Body;

/** One call with a password; another tenant's APIs are meant where it is named. */
const call = async (as: string, method: string, path: string, body?: object, tenant?: string) => {
  const response = await fetch(cli.management + path, {
    method,
    dispatcher: insecure,
    headers: {
      authorization: `Basic ${Buffer.from(as).toString('base64')}`,
      'content-type': 'application/json',
      ...(tenant !== undefined && { 'x-wso2-tenant': tenant }),
    },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Body) };
};

const PUBLISHER = '/api/am/publisher/v4';
const PORTAL = '/api/am/devportal/v3';

// An API of the super tenant with a scope of its own, which its publisher opened to all tenants.
beforeAll(async () => {
  cli = await Cli.start();
  const owner = { username: 'boss', password: PASSWORD, email: `boss@${TENANT}`, firstname: 'B', lastname: 'B' };
  const tenant = { name: TENANT, domain: TENANT, owners: [{ ...owner, provisioningMethod: 'inline-password' }] };
  expect((await call(ADMIN, 'POST', '/api/server/v1/tenants', tenant)).status).toBe(201);
  const open = { name: 'Orders', context: '/orders', version: '1.0.0', policies: ['Unlimited'], subscriptionAvailability: 'ALL_TENANTS' };
  const scopes = [{ scope: { name: SCOPE, displayName: SCOPE, bindings: ['admin'] } }];
  const endpointConfig = { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' } };
  api = (await call(ADMIN, 'POST', `${PUBLISHER}/apis`, { ...open, scopes, endpointConfig })).body;
  expect((await call(ADMIN, 'POST', `${PUBLISHER}/apis/change-lifecycle?apiId=${String(api['id'])}&action=Publish`)).status).toBe(200);
});

afterAll(() => cli.stop());

describe('a server that is told nothing', () => {
  it('shows other tenants’ APIs, and that nobody may subscribe to them', async () => {
    const { body } = await call(CONSUMER, 'GET', `${PORTAL}/apis/${String(api['id'])}`, undefined, 'carbon.super');

    expect(body).toMatchObject({ name: 'Orders', isSubscriptionAvailable: false });
  });

  it('knows no API but the caller’s own tenant’s when subscribing, whatever tenant is named', async () => {
    const application = (await call(CONSUMER, 'POST', `${PORTAL}/applications`, { name: 'Shop', throttlingPolicy: 'Unlimited' })).body;
    const wanted = { apiId: api['id'], applicationId: application['applicationId'], throttlingPolicy: 'Unlimited' };

    const answer = await call(CONSUMER, 'POST', `${PORTAL}/subscriptions`, wanted, 'carbon.super');

    expect(answer).toMatchObject({ status: 404, body: { code: 404 } });
  });

  it('makes keys in the caller’s own tenant, whatever tenant is named', async () => {
    const application = (await call(CONSUMER, 'POST', `${PORTAL}/applications`, { name: 'Desk', throttlingPolicy: 'Unlimited' })).body;
    const keys = `${PORTAL}/applications/${String(application['applicationId'])}`;
    const wanted = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] };

    const made = await call(CONSUMER, 'POST', `${keys}/generate-keys`, wanted, 'carbon.super');

    expect(made.status).toBe(200);
    expect((await call(CONSUMER, 'GET', `${keys}/oauth-keys`)).body).toMatchObject({ count: 1 });
  });

  it('says so in the publisher’s settings', async () => {
    expect((await call(ADMIN, 'GET', `${PUBLISHER}/settings`)).body).toMatchObject({ crossTenantSubscriptionEnabled: false });
  });
});

describe('a server whose tenants may use each other’s APIs', () => {
  const keysOf = async (application: Body, keyType: string, tenant?: string) => {
    const wanted = { keyType, grantTypesToBeSupported: ['client_credentials'], additionalProperties: { application_scopes: [SCOPE] } };
    const path = `${PORTAL}/applications/${String(application['applicationId'])}/generate-keys`;
    return call(CONSUMER, 'POST', path, wanted, tenant);
  };

  beforeAll(async () => {
    const { dataDir } = cli;
    await cli.stop();
    const settings = {
      APIM_APIM__DEVPORTAL__ENABLE_CROSS_TENANT_SUBSCRIPTIONS: 'true',
      APIM_APIM__KEY_MANAGER__ENABLE_APPLICATION_SCOPES_FOR_RESIDENT_KM: 'true',
    };
    cli = await Cli.start(settings, dataDir);
  });

  it('lists the scope of an API with the keys of the API’s tenant alone: elsewhere the name may mean something else', async () => {
    const application = (await call(CONSUMER, 'POST', `${PORTAL}/applications`, { name: 'Vault', throttlingPolicy: 'Unlimited' })).body;
    const wanted = { apiId: api['id'], applicationId: application['applicationId'], throttlingPolicy: 'Unlimited' };
    expect((await call(CONSUMER, 'POST', `${PORTAL}/subscriptions`, wanted, 'carbon.super')).status).toBe(201);

    expect(await keysOf(application, 'PRODUCTION')).toMatchObject({ status: 400, body: { code: 901410 } });
    expect(await keysOf(application, 'PRODUCTION', 'carbon.super')).toMatchObject({ status: 200 });
  });
});
