import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const SCRIPT = 'x-mediation-script';
const responses = { 200: { description: 'OK', content: { 'application/json': { example: { name: 'Rex' } } } } };
const parameters = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
/** The example of `docs/javascript-policies.md`. */
const GREETING = `var id = mc.getProperty('uri.var.id');
mc.setProperty('CONTENT_TYPE', 'application/json');
if (id === '0') {
  mc.setProperty('HTTP_SC', 404);
  mc.setPayloadJSON({ error: 'no such pet' });
} else {
  mc.setProperty('X-Seen', id, 'transport');
  mc.setPayloadJSON({ id: id, size: mc.getProperty('query.param.size') });
}`;
const FAILING = "throw new Error('no pets today');";
const ENDLESS = 'for (;;);';

/** Pets whose first operation answers as the script says; the others have scripts of their own. */
const pets = (script: string) => ({
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: {
    '/pets/{id}': { get: { 'x-auth-type': 'None', [SCRIPT]: script, parameters, responses } },
    '/failing': { get: { 'x-auth-type': 'None', [SCRIPT]: FAILING, responses } },
    '/endless': { get: { 'x-auth-type': 'None', [SCRIPT]: ENDLESS, responses } },
    '/generated': { get: { 'x-auth-type': 'None', responses } },
  },
});

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const mocked = (script: string) =>
  given.publishedApi({ by: admin, definition: pets(script), with: { endpointImplementationType: 'INLINE', endpointConfig: null } });

it('answers as the scripts say that somebody wrote', async () => {
  const { url } = await mocked(GREETING);

  const found = await gateway(`${url}/pets/7?size=2`);
  const missing = await gateway(`${url}/pets/0`);
  const generated = await gateway(`${url}/generated`);

  expect(found).toMatchObject({ status: 200, body: { id: '7', size: '2' } });
  expect(found.headers['x-seen']).toBe('7');
  expect(missing).toMatchObject({ status: 404, body: { error: 'no such pet' } });
  expect(generated).toMatchObject({ status: 200, body: { name: 'Rex' } });
});

it('answers a script that fails or never ends with a fault, and goes on serving', async () => {
  const { url } = await mocked(GREETING);

  const failing = await gateway(`${url}/failing`);
  const endless = await gateway(`${url}/endless`);
  const after = await gateway(`${url}/pets/7`);

  expect([failing.status, endless.status, after.status]).toEqual([500, 500, 200]);
  expect(failing.body).toMatchObject({ type: 'Status report', message: 'Runtime Error' });
  expect(JSON.stringify(failing.body)).not.toContain('pets today');
});

it('changes its answers with the definition', async () => {
  const api = await mocked(GREETING);
  const changed = JSON.stringify(pets("mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON([1]);"));
  expected(await admin.publisher('PUT /apis/{apiId}/swagger', { path: { apiId: api.id }, form: { apiDefinition: changed } }), 200);

  await given.deployment(api, admin);

  await eventually(
    () => gateway(`${api.url}/pets/7`),
    ({ body }) => JSON.stringify(body) === '[1]',
  );
});

it('refuses a definition with a script that cannot run, and keeps the one before', async () => {
  const api = await mocked(GREETING);
  const path = { apiId: api.id };
  const broken = JSON.stringify(pets('var a = 1;\nmc.setPayloadXML(<a/>);'));

  const answer = await admin.publisher('PUT /apis/{apiId}/swagger', { path, form: { apiDefinition: broken } });
  const kept = await admin.publisher<ReturnType<typeof pets>>('GET /apis/{apiId}/swagger', { path });

  expect(answer).toFailWith({ status: 400, code: 400 });
  expect(JSON.stringify(answer.body)).toMatch(/x-mediation-script: SyntaxError: .* \(line 2\)/);
  expect(kept.body.paths['/pets/{id}'].get[SCRIPT]).toBe(GREETING);
});
