import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';

const Pet = {
  type: 'object',
  required: ['id', 'name'],
  properties: {
    id: { type: 'integer', readOnly: true },
    name: { type: 'string', nullable: true, pattern: '^[A-Z]' },
    friends: { type: 'array', maxItems: 2, items: { $ref: '#/components/schemas/Pet' } },
  },
};
const json = (schema: object) => ({ 'application/json': { schema } });
const ref = { $ref: '#/components/schemas/Pet' };
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } };
const limit = { name: 'limit', in: 'query', schema: { type: 'integer', maximum: 10 } };
const definition = (pet: object = Pet) => ({
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: {
    '/pets/{id}': {
      get: { 'x-auth-type': 'None', parameters: [id, limit], responses: { 200: { description: 'd', content: json(ref) } } },
    },
    '/pets': {
      post: {
        'x-auth-type': 'None',
        requestBody: { required: true, content: json(ref) },
        responses: { 201: { description: 'd', headers: { 'X-Id': { required: true, schema: { type: 'integer' } } } } },
      },
    },
  },
  components: { schemas: { Pet: pet } },
});

let admin: Actor;
let backend: Backend;
let api: GivenApi;
let body = '';
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend((request, reply) => {
    const status = request.method === 'POST' ? 201 : 200;
    reply.writeHead(status, { 'content-type': 'application/json', 'x-id': '7' }).end(body);
  });
  api = await given.publishedApi({ by: admin, backend, definition: definition(), with: { enableSchemaValidation: true } });
});
beforeEach(() => {
  body = '{"id":7,"name":"Rex"}';
});

const post = (pet: object) => gateway(`${api.url}/pets`, { method: 'POST', body: pet });

it('passes on what the definition describes', async () => {
  expect(await gateway(`${api.url}/pets/7?limit=10`)).toMatchObject({ status: 200, body: { id: 7, name: 'Rex' } });
  // What is read-only is for the backend to give.
  expect((await post({ name: null, friends: [{ name: 'Tom' }] })).status).toBe(201);
  expect(backend.requests.at(-1)?.body).toBe('{"name":null,"friends":[{"name":"Tom"}]}');
});

it.each([
  [() => gateway(`${api.url}/pets/seven?limit=1`), "path parameter 'id' must be integer"],
  [() => gateway(`${api.url}/pets/7?limit=11`), "query parameter 'limit' must be <= 10"],
  [() => gateway(`${api.url}/pets`, { method: 'POST' }), 'body is required'],
  [() => post({}), "body must have required property 'name'"],
  [
    () => post({ name: 'Rex', friends: [{ name: 'Tom', friends: [{}, {}, {}] }] }),
    'body/friends/0/friends must NOT have more than 2 items',
  ],
])('keeps other requests from the backend (%#)', async (call, reason) => {
  const before = backend.requests.length;

  const answer = await call();

  const description = `Schema validation failed in the Request: ${reason}`;
  expect(answer).toMatchObject({ status: 400, body: { code: '400', message: 'Bad Request', description } });
  expect(backend.requests).toHaveLength(before);
});

it('keeps other answers from the caller', async () => {
  body = '{"id":"seven","name":"Rex"}';

  const answer = await gateway(`${api.url}/pets/7`);

  const description = 'Schema validation failed in the Response: body/id must be integer';
  expect(answer).toMatchObject({ status: 500, body: { code: '500', message: 'Bad Response', description } });
});

it('does not deploy an API whose definition it cannot check', async () => {
  const lookingAhead = { ...Pet, properties: { name: { type: 'string', pattern: '^(?=.*[0-9]).+$' } } };
  const other = await given.api({ by: admin, backend, definition: definition(lookingAhead), with: { enableSchemaValidation: true } });
  await given.deployment(other, admin);

  interface Revisions {
    readonly list: readonly { readonly deploymentInfo: readonly { readonly failedGatewayCount: number }[] }[];
  }
  const failed = ({ list }: Revisions) => list[0]?.deploymentInfo[0]?.failedGatewayCount ?? 0;
  const revisions = await eventually(
    async () => expected(await admin.publisher<Revisions>('GET /apis/{apiId}/revisions', { path: { apiId: other.id } }), 200),
    (answer) => failed(answer) > 0,
  );

  expect(failed(revisions)).toBeGreaterThan(0);
  expect((await gateway(`${other.url}/pets/7`)).status).toBe(404);
});
