import { UnsupportedDefinitionFile } from '../../src/apis/policies/policies.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { exported, imported, unzip } from '../support/archives.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { attached, attribute, policyData, policyForm, writtenPolicy } from '../support/policies.js';

const OPEN = { verb: 'POST', target: '/one', authType: 'None' };
const SCRIPT = `
var payload = mc.getPayloadJSON();
payload.by = parameters.word;
payload.flow = mc.isResponse() ? 'response' : 'request';
mc.setPayloadJSON(payload);
mc.setProperty('X-By', parameters.word, 'transport');
`;

let admin: Actor;
let backend: Backend;
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
});

const scripted = (source = SCRIPT) => writtenPolicy(admin, source, { policyAttributes: [attribute('word')] }, 'policy.js');
const upload = (source: string, further: Body = {}) =>
  admin.publisher('POST /operation-policies', { form: policyForm(policyData(further), source, 'policy.js') });

it('runs with the parameters of its attachment, in the request and in the answer', async () => {
  const policy = await scripted();
  const apiPolicies = { request: [attached(policy, { word: 'there' })], response: [attached(policy, { word: 'back' })] };
  const api = await given.publishedApi({ by: admin, backend, with: { apiPolicies, operations: [OPEN] } });

  const { body, headers } = await gateway(`${api.url}/one`, { method: 'POST', body: { a: 1 } });

  expect(JSON.parse(backend.requests.at(-1)?.body ?? '')).toEqual({ a: 1, by: 'there', flow: 'request' });
  expect(headers['x-by']).toBe('back');
  expect(body).toMatchObject({ by: 'back', flow: 'response', url: '/one' });
});

it.each([
  ['that does not parse', 'var a = ;\n', 'SyntaxError'],
  ['that is too long', `"${'a'.repeat(20_000)}"`, '16384 characters'],
])('refuses a script %s', async (_, source, reason) => {
  const answer = await upload(source);

  expect(answer).toMatchObject({ status: 400, body: { code: 902006 } });
  expect(answer.body['description']).toContain(reason);
});

it('refuses a file of another kind', async () => {
  const form = policyForm(policyData(), SCRIPT, 'policy.ts');

  expect(await admin.publisher('POST /operation-policies', { form })).toFailWith(UnsupportedDefinitionFile('policy.ts'));
});

it('is another policy than a template of the same text', async () => {
  const data = { name: 'twin', policyAttributes: [] };
  const script = expected(await upload('null', { ...data, version: 'v1' }), 201);
  const { md5 } = expected(
    await admin.publisher<{ md5: string }>('POST /operation-policies', {
      form: policyForm(policyData({ ...data, version: 'v2' }), '<log/>'),
    }),
    201,
  );

  expect(script['md5']).not.toBe(md5);
});

it('lies in archives under its own ending, and comes back from them', async () => {
  const policy = await scripted();
  const { admin: stranger } = await given.organization();
  const query = { name: policy.name, version: 'v1', format: 'JSON' };
  const archive = Buffer.from(expected(await admin.publisher<Uint8Array>('GET /operation-policies/export', { query }), 200));

  expect([...(await unzip(archive)).keys()]).toEqual([`${policy.name}/${policy.name}.json`, `${policy.name}/${policy.name}.js`]);
  expected(await stranger.publisher('POST /operation-policies/import', { form: { file: { file: archive, name: 'a.zip' } } }), 201);
  const { body } = await stranger.publisher<{ list: readonly { md5: string }[] }>('GET /operation-policies', {
    query: { query: `name:${policy.name}` },
  });
  expect(body.list.map(({ md5 }) => md5)).toEqual([policy.md5]);
});

it('goes with its API to another tenant and runs there', async () => {
  const policy = await scripted();
  const { admin: stranger } = await given.organization();
  const apiPolicies = { request: [attached(policy, { word: 'far' })] };
  const api = await given.publishedApi({ by: admin, backend, with: { apiPolicies, operations: [OPEN] } });
  const archive = await exported(admin, { apiId: api.id, format: 'JSON' });
  expect([...(await unzip(archive)).keys()].some((path) => path.endsWith(`Policies/${policy.name}_v1.js`))).toBe(true);

  const { id } = await imported(stranger, archive, { preserveProvider: false });

  const path = { apiId: id };
  const stored = expected(await stranger.publisher<{ context: string; version: string }>('GET /apis/{apiId}', { path }), 200);
  expect(JSON.stringify(stored)).toContain(`${policy.name}_imported`);
});
