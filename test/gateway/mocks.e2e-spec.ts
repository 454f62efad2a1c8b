import type { Actor } from '../support/actor.js';
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
