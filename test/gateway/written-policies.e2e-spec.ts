import { PolicyNotFound } from '../../src/apis/policies/policies.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { exported, importArchive, unzip, zip } from '../support/archives.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { apiPolicy, attached, attribute, policyData, policyForm, writtenPolicy } from '../support/policies.js';

const OPEN = { verb: 'GET', target: '/one', authType: 'None' };
const POSTED = { ...OPEN, verb: 'POST' };

let admin: Actor;
let backend: Backend;
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
});

const published = (further: Body): Promise<GivenApi> =>
  given.publishedApi({ by: admin, backend, with: { operations: [OPEN, POSTED], ...further } });

const header = (name: string, value: string): string => `<property name="${name}" value="${value}" scope="transport"/>`;

describe('a policy that a user has written', () => {
  it('runs in the flow that it is attached to, with the parameters of each attachment', async () => {
    const policy = await writtenPolicy(admin, header('X-Said', '{{ word }}'), { policyAttributes: [attribute('word')] });
    const operations = [
      { ...OPEN, operationPolicies: { request: [attached(policy, { word: 'operation & <all>' })] } },
      { ...OPEN, target: '/two' },
    ];
    const apiPolicies = { request: [attached(policy, { word: 'api' })], response: [attached(policy, { word: 'answer' })] };
    const api = await published({ apiPolicies, operations });

    const { headers } = await gateway(`${api.url}/one`);
    await gateway(`${api.url}/two`);

    expect(headers['x-said']).toBe('answer');
    expect(backend.requests.slice(-2).map((request) => request.headers['x-said'])).toEqual(['operation & <all>', 'api']);
  });

  it('of one API runs as well', async () => {
    const api = await given.api({ by: admin, backend, with: { operations: [OPEN] } });
    const path = { apiId: api.id };
    const form = policyForm(policyData({ name: 'own' }), header('X-Own', 'yes'));
    expected(await admin.publisher('POST /apis/{apiId}/operation-policies', { path, form }), 201);
    const stored = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);
    const apiPolicies = { request: [{ policyName: 'own', policyVersion: 'v1', policyType: 'api' }] };
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...stored, apiPolicies } }), 200);
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
    await given.deployment(api, admin);

    const answer = await eventually(
      () => gateway(`${api.url}/one`),
      ({ status }) => status !== 404,
    );

    expect(answer.status).toBe(200);
    expect(backend.requests.at(-1)?.headers['x-own']).toBe('yes');
  });

  it('reads JSON, and passes a body that is empty', async () => {
    const policy = await writtenPolicy(
      admin,
      '<property name="pw" expression="json-eval($.password)"/><property name="X-Has" expression="get-property(\'pw\')" scope="transport"/>',
    );
    const api = await published({ apiPolicies: { request: [attached(policy)] } });

    const full = await gateway(`${api.url}/one`, { method: 'POST', body: { password: 'x' } });
    const empty = await gateway(`${api.url}/one`, { headers: { 'content-type': 'application/json' } });

    expect([full.status, empty.status]).toEqual([200, 200]);
    expect(backend.requests.slice(-2)).toMatchObject([{ body: '{"password":"x"}', headers: { 'x-has': 'x' } }, { body: '' }]);
  });

  it('may say where requests of an API without an address go; without it they are faults', async () => {
    const policy = await writtenPolicy(
      admin,
      `<property name="service_ep" value="{{ url }}"/><header name="To" expression="get-property('service_ep')"/>`,
      { policyAttributes: [attribute('url')] },
    );
    const endpointConfig = { endpoint_type: 'default', production_endpoints: { url: 'default' }, sandbox_endpoints: { url: 'default' } };
    const led = await published({ endpointConfig, apiPolicies: { request: [attached(policy, { url: `${backend.url}/base` })] } });
    const lost = await published({ endpointConfig });

    const found = await gateway(`${led.url}/one?a=b`);
    const fault = await gateway(`${lost.url}/one`);

    expect(found.status).toBe(200);
    expect(backend.requests.at(-1)?.url).toBe('/base/one?a=b');
    expect(fault).toMatchObject({ status: 500, body: { code: '303001' } });
  });

  it('reads what the API is told in its environment', async () => {
    const policy = await writtenPolicy(
      admin,
      '<property name="X-Region" expression="get-property(\'productionEndpoint\')" scope="transport"/>',
    );
    const api = await published({ apiPolicies: { response: [attached(policy)] } });
    const path = { apiId: api.id, envId: 'Default' };
    expected(await admin.publisher('PUT /apis/{apiId}/environments/{envId}/keys', { path, body: { productionEndpoint: 'eu' } }), 200);

    const { headers } = await eventually(
      () => gateway(`${api.url}/one`),
      (answer) => answer.headers['x-region'] === 'eu',
    );

    expect(headers['x-region']).toBe('eu');
  });

  it('has a shipped name and another text: it is interpreted', async () => {
    const { admin: other } = await given.organization();
    const shipped = expected(
      await other.publisher<{ list: { id: string; name: string }[] }>('GET /operation-policies', { query: { query: 'name:addHeader' } }),
      200,
    ).list.find(({ name }) => name === 'addHeader');
    const path = { operationPolicyId: shipped?.id ?? '' };
    expected(await other.publisher('DELETE /operation-policies/{operationPolicyId}', { path }), 200);
    const policy = await writtenPolicy(other, header('X-Mine', 'yes'), { name: 'addHeader', version: 'v3' });
    const apiPolicies = { response: [attached(policy)] };
    const api = await given.publishedApi({ by: other, backend, with: { apiPolicies, operations: [OPEN] } });

    expect((await gateway(`${api.url}/one`)).headers['x-mine']).toBe('yes');
  });
});

describe('what the gateway could not run', () => {
  const upload = (definition: string, further: Body = {}) =>
    admin.publisher('POST /operation-policies', { form: policyForm(policyData(further), definition) });

  it.each([
    ['an element that is never run', '<log/>\n<xslt key="a"/>', 'xslt (line 2): '],
    ['a mistake in an expression', '<property name="a" expression="//[" scope="default"/>', 'property (line 1): '],
    ['a branch that is not taken at first', '{% if a %}<drop/>{% else %}\n<nonsense/>{% endif %}', 'nonsense'],
    ['a construct of the template', '{% include "a" %}', 'include'],
    ['XML that is not closed', '<log>', 'not well-formed'],
  ])('is refused when it is uploaded: %s', async (_, definition, reason) => {
    const data = policyData();
    const refused = await admin.publisher('POST /operation-policies', { form: policyForm(data, definition) });

    expect(refused).toMatchObject({ status: 400, body: { code: 902006, message: 'Invalid api policy specification found' } });
    expect(refused.body['description']).toMatch(/^Invalid api policy specification\. /);
    expect(refused.body['description']).toContain(reason);
    const { body } = await admin.publisher<{ count: number }>('GET /operation-policies', {
      query: { query: `name:${String(data['name'])}` },
    });
    expect(body.count).toBe(0);
  });

  it('is refused in an archive of a policy and of an API, and nothing of it is there', async () => {
    const policy = await writtenPolicy(admin, header('X-A', 'b'));
    const api = await given.api({ by: admin, with: { operations: [{ ...OPEN, operationPolicies: { request: [attached(policy)] } }] } });
    const files = await unzip(await exported(admin, { apiId: api.id, format: 'JSON' }));
    const broken = Object.fromEntries([...files].map(([path, bytes]) => [path, path.endsWith('.j2') ? '<nonsense/>' : bytes]));
    const { admin: stranger } = await given.organization();

    const ofApi = await importArchive<Body>(stranger, broken, { preserveProvider: false }, { accept: 'application/json' });
    const specification = JSON.stringify({ type: 'operation_policy_specification', version: 'v4.7.0', data: policyData() });
    const file = await zip({ 'a/a.json': specification, 'a/a.j2': '<nonsense/>' });
    const ofPolicy = await admin.publisher('POST /operation-policies/import', { form: { file: { file, name: 'a.zip' } } });

    expect(ofPolicy).toMatchObject({ status: 400, body: { code: 902006 } });
    expect(ofApi).toMatchObject({ status: 400, body: { code: 902006, description: expect.stringContaining('nonsense') } });
    expect((await stranger.publisher<{ count: number }>('GET /apis')).body.count).toBe(0);
  });

  it('is refused of one API as well', async () => {
    const { id: apiId } = await given.api({ by: admin });
    const form = policyForm(policyData(), '<nonsense/>');

    expect(await admin.publisher('POST /apis/{apiId}/operation-policies', { path: { apiId }, form })).toMatchObject({
      status: 400,
      body: { code: 902006 },
    });
    expect((await upload('<log/>')).status).toBe(201);
  });

  it('for the parameters it is attached with is refused when it is attached', async () => {
    const policy = await writtenPolicy(admin, '<log level="{{ level }}"/>', {
      policyAttributes: [attribute('level', { defaultValue: 'full' })],
    });
    const attach = (level: string) => given.api({ by: admin, with: { apiPolicies: { request: [attached(policy, { level })] } } });
    const body = { name: 'Loud', context: '/loud', version: '1.0.0', apiPolicies: { request: [attached(policy, { level: 'loud' })] } };

    await expect(attach('simple')).resolves.toBeDefined();
    expect(await admin.publisher('POST /apis', { body })).toMatchObject({
      status: 400,
      body: { code: 903212, description: expect.stringContaining("'loud' is no level") },
    });
  });

  it('although it was stored is not served, and the deployment says why', async () => {
    const policy = await writtenPolicy(admin, header('X-A', 'b'));
    const api = await given.api({ by: admin, backend, with: { operations: [OPEN], apiPolicies: { request: [attached(policy)] } } });
    await withDatabase((database) =>
      database.query("UPDATE operation_policies SET synapse = '<nonsense/>' WHERE api_id = $1 AND name = $2", [api.id, policy.name]),
    );
    await given.deployment(api, admin);
    interface Revisions {
      readonly list: readonly { readonly deploymentInfo: readonly { readonly failedGatewayCount: number }[] }[];
    }

    const { body } = await eventually(
      () => admin.publisher<Revisions>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }),
      (answer) => (answer.body.list[0]?.deploymentInfo[0]?.failedGatewayCount ?? 0) > 0,
    );

    expect(body.list[0]?.deploymentInfo[0]?.failedGatewayCount).toBeGreaterThan(0);
    expect((await gateway(`${api.url}/one`)).status).toBe(404);
  });
});

describe('its secrets', () => {
  it('reach the policy and are neither in the feed nor with the API', async () => {
    const policy = await writtenPolicy(admin, header('X-Key', '{{ key }}'), {
      policyAttributes: [attribute('key', { type: 'Secret' })],
    });
    const secret = 'a-very-secret-word';
    const api = await published({ apiPolicies: { request: [attached(policy, { key: secret })] } });

    await gateway(`${api.url}/one`);

    expect(backend.requests.at(-1)?.headers['x-key']).toBe(secret);
    const { rows } = await withDatabase((database) =>
      database.query('SELECT body::text FROM gateway_document WHERE key LIKE $1', [`${api.id}:%`]),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0].body).toContain('definitionKey');
    expect(rows[0].body).not.toContain(secret);
    const shown = await admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } });
    expect(JSON.stringify(shown.body)).not.toContain(secret);
  });
});

it('another tenant sees nothing of it', async () => {
  const { admin: stranger } = await given.organization();
  const common = await writtenPolicy(admin, header('X-A', 'b'));
  const api = await given.api({ by: admin });
  const own = await apiPolicy(admin, api.id);

  const path = { operationPolicyId: common.id };
  expect(await stranger.publisher('GET /operation-policies/{operationPolicyId}', { path })).toFailWith(PolicyNotFound(common.id));
  expect((await stranger.publisher('GET /operation-policies/{operationPolicyId}/content', { path })).status).toBe(404);
  expect((await stranger.publisher('GET /apis/{apiId}/operation-policies', { path: { apiId: api.id } })).status).toBe(404);
  expect(own.id).not.toBe(common.id);
  const attaching = { name: 'Thief', context: '/thief', version: '1.0.0', apiPolicies: { request: [attached(common)] } };
  expect(await stranger.publisher('POST /apis', { body: attaching })).toMatchObject({ status: 400, body: { code: 902005 } });
});
