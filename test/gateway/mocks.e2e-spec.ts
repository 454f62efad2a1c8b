import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const example = (value: object) => ({ description: 'd', content: { 'application/json': { example: value } } });
const definition = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: {
    '/pets/{id}': {
      get: {
        'x-auth-type': 'None',
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { 200: example({ name: 'Rex' }), 404: example({ code: 404 }) },
      },
    },
  },
};

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

it.each(['INLINE', 'MOCKED_OAS'])('answers for an API of the kind %s', async (endpointImplementationType) => {
  const api = await given.publishedApi({ by: admin, definition, with: { endpointImplementationType, endpointConfig: null } });

  const usual = await gateway(`${api.url}/pets/7`);
  const missing = await gateway(`${api.url}/pets/7?responseCode=404`);
  const unknown = await gateway(`${api.url}/pets/7?responseCode=418`);

  expect(usual).toMatchObject({ status: 200, body: { name: 'Rex' } });
  expect(missing).toMatchObject({ status: 404, body: { code: 404 } });
  expect(unknown).toMatchObject({ status: 501, body: { code: 501, description: 'Not Implemented' } });
});

it('answers 501 for a script that somebody wrote', async () => {
  const by = admin;
  const api = await given.publishedApi({ by, definition, with: { endpointImplementationType: 'INLINE', endpointConfig: null } });
  const path = { apiId: api.id };
  const stored = expected(await by.publisher<typeof definition>('GET /apis/{apiId}/swagger', { path }), 200);
  const changed = structuredClone(stored);
  Object.assign(changed.paths['/pets/{id}'].get, { 'x-mediation-script': "mc.setProperty('HTTP_SC', '200');" });
  expected(await by.publisher('PUT /apis/{apiId}/swagger', { path, form: { apiDefinition: JSON.stringify(changed) } }), 200);

  await given.deployment(api, by);

  await eventually(
    () => gateway(`${api.url}/pets/7`),
    ({ status }) => status === 501,
  );
});
