import { Cli } from './cli.js';

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.start({
    APIM_APIM__KEY_MANAGER__SKIP_CREATE_RESIDENT_KEY_MANAGER: 'true',
    APIM_APIM__KEY_MANAGER__ENABLE_PROVISIONED_APP_VALIDATION: 'false',
  });
});
afterAll(() => cli.stop());

const API = { name: 'Orders', context: '/orders', version: '1.0.0', policies: ['Unlimited'] };

it('makes no resident key manager, and no API or keys before there is another', async () => {
  const application = await cli.post('/api/am/devportal/v3/applications', { name: 'Shop', throttlingPolicy: 'Unlimited' });
  const { applicationId } = application.body as { readonly applicationId: string };
  const keys = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] };

  const generated = await cli.post(`/api/am/devportal/v3/applications/${applicationId}/generate-keys`, keys);
  const refused = await cli.post('/api/am/publisher/v4/apis', API);

  expect(generated).toMatchObject({ status: 400, body: { code: 901403 } });
  expect(refused).toMatchObject({ status: 404, body: { code: 901411 } });
  expect((await cli.post('/api/am/admin/v4/key-managers', { name: 'Idp', type: 'CustomKeyManager' })).status).toBe(201);
  expect((await cli.post('/api/am/publisher/v4/apis', API)).status).toBe(201);
});

it('looks clients up before they are mapped only where a key manager says so', async () => {
  const add = (body: object) => cli.post('/api/am/admin/v4/key-managers', { type: 'CustomKeyManager', ...body });

  expect((await add({ name: 'Silent' })).body).toMatchObject({ enableProvisionedAppValidation: false });
  expect((await add({ name: 'Strict', enableProvisionedAppValidation: true })).body).toMatchObject({
    enableProvisionedAppValidation: true,
  });
});

it('keeps the name of the resident key manager for it', async () => {
  const answer = await cli.post('/api/am/admin/v4/key-managers', { name: 'Resident Key Manager', type: 'CustomKeyManager' });

  expect(answer).toMatchObject({ status: 409, body: { code: 901402 } });
});
