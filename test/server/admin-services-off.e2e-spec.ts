import { Agent, fetch } from 'undici';
import { envelopeOf, readAnswer, type SoapAnswer } from '../support/admin-services.js';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const MESSAGE = envelopeOf('UserAdmin', 'hasMultipleUserStores');

const call = async (
  server: Cli,
  credentials: string,
  path = '/services/UserAdmin',
  body = MESSAGE,
): Promise<SoapAnswer & { retryAfter: string | null }> => {
  const headers = { authorization: `Basic ${btoa(credentials)}`, 'content-type': 'text/xml' };
  const response = await fetch(server.management + path, { method: 'POST', dispatcher: insecure, headers, body });
  const text = await response.text();
  const isXml = response.headers.get('content-type')?.includes('xml');
  return { ...readAnswer(response.status, isXml ? text : ''), text, retryAfter: response.headers.get('retry-after') };
};

it('closes the services where they are switched off, and nothing else', async () => {
  const server = await Cli.start({ APIM_SERVER__LEGACY_ADMIN_SERVICES: 'false' });

  for (const path of [
    '/services/UserAdmin',
    '/services/RemoteUserStoreManagerService',
    '/services/TenantMgtAdminService',
    '/services/OAuthAdminService',
    '/t/acme.com/services/UserAdmin',
  ])
    expect(await call(server, 'admin:admin', path)).toMatchObject({ status: 404 });

  expect(await server.status('/services/UserAdmin?wsdl')).toBe(404);
  expect(await server.status('/services/Version')).toBe(200);
  expect(await server.status('/scim2/Me', { authorization: `Basic ${btoa('admin:admin')}` })).toBe(200);
  await server.stop();
});

it('lets an address that fails too often wait, also where passwords are checked by an operation', async () => {
  const server = await Cli.start({
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__FAILURES_MAX: '3',
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__REGAINED_PER_MINUTE: '1',
  });
  expect(await call(server, 'admin:admin')).toMatchObject({ status: 200, returned: ['false'] });
  for (const name of ['one', 'two']) expect(await call(server, `${name}:Secret12`)).toMatchObject({ status: 401 });
  const guess = envelopeOf('RemoteUserStoreManagerService', 'authenticate', { userName: 'three', credential: 'Secret12' });
  const check = () => call(server, 'admin:admin', '/services/RemoteUserStoreManagerService', guess);
  expect(await check()).toMatchObject({ status: 200, returned: ['false'] });

  expect(await call(server, 'four:Secret12')).toMatchObject({
    status: 429,
    retryAfter: expect.stringMatching(/^[1-9]/),
    fault: { faultcode: 'soapenv:Server', faultstring: expect.stringContaining('login attempts') },
  });
  expect(await check()).toMatchObject({ status: 429 });
  // Who was logged in before is remembered.
  expect(await call(server, 'admin:admin')).toMatchObject({ status: 200 });
  await server.stop();
});

it('says in the log what a one-way operation does not tell its client', async () => {
  const server = await Cli.start();
  const message = envelopeOf('RemoteUserStoreManagerService', 'addUser', { userName: 'anna', credential: 'four' });

  expect(await call(server, 'admin:admin', '/services/RemoteUserStoreManagerService', message)).toMatchObject({ status: 202, text: '' });

  const { output } = await server.stop();
  const line = output.split('\n').find((text) => text.includes('an administration request changed nothing')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({
    level: 40,
    ...{ service: 'RemoteUserStoreManagerService', operation: 'addUser', by: 'admin@carbon.super' },
    reason: expect.stringMatching(/^30003 - /),
  });
});
