import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { policyData, policyForm } from '../support/policies.js';

const attach = (policyName: string, policyVersion: string, parameters: Body = {}): Body => ({
  policyName,
  policyVersion,
  policyType: 'common',
  parameters,
});
const add = (headerName: string, headerValue: string) => attach('addHeader', 'v3', { headerName, headerValue });
const OPEN = { verb: 'GET', authType: 'None' };

let admin: Actor;
let backend: Backend;
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
});

const published = (further: Body): Promise<GivenApi> => given.publishedApi({ by: admin, backend, with: further });

it('runs the policies of the API and then those of the operation', async () => {
  const operationPolicies = { request: [add('X-Level', 'operation'), attach('addQueryParam', 'v1', { paramKey: 'a', paramValue: 'b' })] };
  const api = await published({
    apiPolicies: { request: [add('X-Level', 'api'), add('X-Api', 'yes')], response: [add('X-Answer', 'mediated')] },
    operations: [
      { ...OPEN, target: '/one', operationPolicies },
      { ...OPEN, target: '/two' },
    ],
  });

  const { headers } = await gateway(`${api.url}/one?x=y`);
  await gateway(`${api.url}/two`);

  expect(headers['x-answer']).toBe('mediated');
  expect(backend.requests.slice(-2)).toMatchObject([
    { url: '/one?x=y&a=b', headers: { 'x-level': 'operation', 'x-api': 'yes' } },
    { url: '/two', headers: { 'x-level': 'api', 'x-api': 'yes' } },
  ]);
});

it('rewords the faults of a backend that is away', async () => {
  const api = await given.publishedApi({
    by: admin,
    with: { apiPolicies: { fault: [attach('jsonFault', 'v1')] }, operations: [{ ...OPEN, target: '/one' }] },
  });

  const { status, body } = await gateway(`${api.url}/one`);

  expect({ status, body }).toMatchObject({ status: 500, body: { fault: { code: 101503, message: 'Runtime Error' } } });
});

it('keeps threats from the backend', async () => {
  const request = [attach('regexPolicy', 'v1'), attach('jsonValidator', 'v1', { maxPropertyCount: 2 })];
  const api = await published({ apiPolicies: { request }, operations: [{ ...OPEN, verb: 'POST', target: '/one' }] });
  const post = (body: Body) => gateway(`${api.url}/one`, { method: 'POST', body });
  const before = backend.requests.length;

  const sql = await post({ query: 'drop table pets' });
  const large = await post({ a: 1, b: 2, c: 3 });

  const description = 'Request is failed due to a JSON schema validation failure: Max Property Count [2] Reached';
  expect(sql).toMatchObject({ status: 400, body: { code: '400', description: 'SQL-Injection Threat detected in Payload' } });
  expect(large).toMatchObject({ status: 400, body: { code: '400', message: 'Bad Request', description } });
  expect(backend.requests).toHaveLength(before);
  expect((await post({ a: 1, b: 2 })).status).toBe(200);
  expect(backend.requests.at(-1)?.body).toBe('{"a":1,"b":2}');
});

it('talks XML to the backend and JSON to the client', async () => {
  const pets = await given.backend((request, reply) => {
    request.on('end', () => reply.writeHead(200, { 'Content-Type': 'application/xml' }).end('<pets><pet>Rex</pet><pet>Tom</pet></pets>'));
    request.resume();
  });
  const apiPolicies = { request: [attach('jsonToXML', 'v1')], response: [attach('xmlToJson', 'v1')] };
  const operations = [{ ...OPEN, verb: 'POST', target: '/one' }];
  const api = await given.publishedApi({ by: admin, backend: pets, with: { apiPolicies, operations } });

  const answer = await gateway(`${api.url}/one`, { method: 'POST', body: { name: 'Rex' } });

  expect(answer).toMatchObject({ status: 200, body: { pets: { pet: ['Rex', 'Tom'] } } });
  expect(pets.requests.at(-1)?.body).toBe('<jsonObject><name>Rex</name></jsonObject>');
});

it('serves a new revision with the policies it has', async () => {
  const api = await published({ operations: [{ ...OPEN, target: '/one' }] });
  expect((await gateway(`${api.url}/one`)).headers['x-answer']).toBeUndefined();
  const path = { apiId: api.id };
  const stored = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
  const apiPolicies = { request: [], response: [add('X-Answer', 'mediated')], fault: [] };
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...stored, apiPolicies } }), 200);

  await given.deployment(api, admin);

  await eventually(
    () => gateway(`${api.url}/one`),
    ({ headers }) => headers['x-answer'] === 'mediated',
  );
});

it('does not serve an API with a policy that it cannot run, and says so', async () => {
  const data = policyData();
  const ccPolicyDefinitionFile = { file: '{{/* for another gateway */}}', name: 'policy.gotmpl' };
  expected(await admin.publisher('POST /operation-policies', { form: { ...policyForm(data, null), ccPolicyDefinitionFile } }), 201);
  const own = { name: String(data['name']), version: 'v1' };
  const api = await given.api({ by: admin, backend, with: { apiPolicies: { request: [attach(own.name, own.version)] } } });
  await given.deployment(api, admin);

  interface Revisions {
    readonly list: readonly { readonly deploymentInfo: readonly { readonly failedGatewayCount: number }[] }[];
  }
  const { body } = await eventually(
    () => admin.publisher<Revisions>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }),
    (answer) => (answer.body.list[0]?.deploymentInfo[0]?.failedGatewayCount ?? 0) > 0,
  );

  expect(body.list[0]?.deploymentInfo[0]?.failedGatewayCount).toBeGreaterThan(0);
  expect((await gateway(`${api.url}/`)).status).toBe(404);
});
