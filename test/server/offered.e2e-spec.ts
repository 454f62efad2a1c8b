import { Agent, fetch } from 'undici';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const basic = `Basic ${Buffer.from('admin:admin').toString('base64')}`;

let cli: Cli;

beforeAll(async () => {
  cli = await Cli.start({
    APIM_APIM__THROTTLING__ENABLE_UNLIMITED_TIER: 'false',
    APIM_APIM__DEVPORTAL__DISPLAY_MULTIPLE_VERSIONS: 'false',
    APIM_APIM__GATEWAY__ENVIRONMENT:
      '[{ name = "Default", http_endpoint = "http://api.example.com", https_endpoint = "https://api.example.com:8443/base" }, { name = "Lab", type = "sandbox" }]',
  });
});

afterAll(() => cli.stop());

const admin = (method: string, path: string, body?: object) => call(method, `/admin/v4${path}`, body);

const call = async (method: string, path: string, body?: object) => {
  const response = await fetch(`${cli.management}/api/am${path}`, {
    method,
    dispatcher: insecure,
    headers: { authorization: basic, 'content-type': 'application/json' },
    body: body ? JSON.stringify(body) : null,
  });
  return { status: response.status, body: await response.json() };
};

it.each([
  'application',
  'subscription',
  'advanced',
])('offers no policy Unlimited of level %s when the configuration hides it', async (level) => {
  const { body } = await admin('GET', `/throttling/policies/${level}`);

  const names = (body as { list: readonly { policyName: string }[] }).list.map(({ policyName }) => policyName); // the admin API's list
  expect(names.length).toBeGreaterThan(2);
  expect(names).not.toContain('Unlimited');
});

it('refuses a policy of the hidden name', async () => {
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };

  const answer = await admin('POST', '/throttling/policies/application', { policyName: 'Unlimited', defaultLimit });

  expect(answer).toMatchObject({ status: 400, body: { code: 900305 } });
});

it('lists the environments of the configuration with their addresses', async () => {
  const { body } = await admin('GET', '/environments');

  expect(body).toMatchObject({
    count: 2,
    list: [
      { name: 'Default', isReadOnly: true, vhosts: [{ host: 'api.example.com', httpPort: 80, httpsPort: 8443, httpContext: '/base' }] },
      {
        name: 'Lab',
        isReadOnly: true,
        type: 'sandbox',
        vhosts: [{ host: 'localhost', httpPort: 8280 + cli.offset, httpsPort: 8243 + cli.offset }],
      },
    ],
  });
});

it('shows the newest version of each name alone when told so, and every one to a search', async () => {
  for (const version of ['1.9', '1.10', '1.2']) {
    const api = {
      name: 'Versions',
      context: '/versions',
      version,
      policies: ['Gold'],
      endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' } },
    };
    const { body } = await call('POST', '/publisher/v4/apis', api);
    await call('POST', `/publisher/v4/apis/change-lifecycle?apiId=${(body as { id: string }).id}&action=Publish`); // the created API
  }
  const versions = async (query: string) => {
    const { body } = await call('GET', `/devportal/v3/apis${query}`);
    return (body as { list: readonly { version: string }[] }).list.map(({ version }) => version); // the portal's list
  };

  expect(await versions('')).toEqual(['1.10']);
  expect(await versions('?query=name:Versions')).toEqual(['1.2', '1.9', '1.10']);
});
