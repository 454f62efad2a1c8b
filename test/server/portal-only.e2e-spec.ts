import { Agent, fetch } from 'undici';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

let dataDir: string;
let api: Readonly<Record<string, unknown>>;
let product: Readonly<Record<string, unknown>>;
let cli: Cli;

/** One call of the publisher as the administrator. */
const publisher = async (method: string, path: string, body?: object, base = '/api/am/publisher/v4') => {
  const response = await fetch(cli.management + base + path, {
    method,
    dispatcher: insecure,
    headers: { authorization: basic, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>) };
};

// An API and a product made without the mode, then the same server with it.
beforeAll(async () => {
  cli = await Cli.start();
  dataDir = cli.dataDir;
  api = (await publisher('POST', '/apis', { name: 'Orders', context: '/orders', version: '1.0.0', policies: ['Unlimited'] })).body;
  const member = (await publisher('POST', '/apis', { name: 'Menu', context: '/menu', version: '1.0.0' })).body;
  const apis = [{ apiId: member['id'], operations: [{ verb: 'GET', target: '/*' }] }];
  product = (await publisher('POST', '/api-products', { name: 'Shop', context: '/shop', version: '1.0.0', policies: ['Unlimited'], apis }))
    .body;
  await cli.stop();
  cli = await Cli.start({ APIM_APIM__PUBLISHER__ENABLE_PORTAL_CONFIGURATION_ONLY_MODE: 'true' }, dataDir);
});

afterAll(() => cli.stop());

it('says so in the settings', async () => {
  const { body } = await publisher('GET', '/settings');

  expect(body).toMatchObject({ portalConfigurationOnlyModeEnabled: true });
});

it('changes what the portal shows of an API', async () => {
  const { status, body } = await publisher('PUT', `/apis/${String(api['id'])}`, { ...api, tags: ['sales'] });

  expect({ status, tags: body['tags'] }).toEqual({ status: 200, tags: ['sales'] });
});

it('refuses any other change of an API, also to an administrator', async () => {
  const answer = await publisher('PUT', `/apis/${String(api['id'])}`, { ...api, transport: ['https'] });

  expect(answer).toMatchObject({ status: 403, body: { code: 900910 } });
});

it('changes what the portal shows of a product, and nothing else of it', async () => {
  const path = `/api-products/${String(product['id'])}`;

  const { status, body } = await publisher('PUT', path, { ...product, tags: ['sales'] });

  expect({ status, tags: body['tags'], apis: body['apis'] }).toEqual({ status: 200, tags: ['sales'], apis: product['apis'] });
  expect(await publisher('PUT', path, { ...product, apis: [] })).toMatchObject({ status: 403, body: { code: 900910 } });
  expect(await publisher('PUT', path, { ...product, transport: ['https'] })).toMatchObject({ status: 403, body: { code: 900910 } });
});

it.each([
  ['POST', '/apis', { name: 'New', context: '/new', version: '1.0.0' }],
  ['POST', '/apis/copy-api?apiId=x&newVersion=2.0.0', undefined],
  ['DELETE', '/apis/x', undefined],
  ['POST', '/apis/x/revisions', {}],
  ['POST', '/scopes', { name: 'orders' }],
] as const)('refuses %s %s', async (method, path, body) => {
  const answer = await publisher(method, path, body);

  expect(answer).toMatchObject({ status: 403, body: { code: 403 } });
});

it('has none of them under the same path in other letters', async () => {
  const answer = await publisher('POST', '/APIs', { name: 'New', context: '/new', version: '1.0.0' }, '/API/am/Publisher/v4');

  expect(answer).toMatchObject({ status: 404, body: { code: 404 } });
});

it('keeps documents', async () => {
  const document = { name: 'Guide', type: 'HOWTO', sourceType: 'MARKDOWN', visibility: 'API_LEVEL', summary: 'How' };

  const { status } = await publisher('POST', `/apis/${String(api['id'])}/documents`, document);

  expect(status).toBe(201);
});
