import type { ApiDocument, MessagesDocument, ParameterDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, startBackend, type TestBackend, TestGateway, until } from './engine.fixture.js';

const parameter = (place: ParameterDocument['in'], name: string, schema: object, further: Partial<ParameterDocument> = {}) => ({
  name,
  in: place,
  isRequired: false,
  style: place === 'query' || place === 'cookie' ? 'form' : 'simple',
  isExploded: place === 'query',
  shape: 'text' as const,
  schema: JSON.stringify(schema),
  ...further,
});

const PET = { type: 'object', required: ['name'], properties: { name: { type: 'string', maxLength: 5 }, friend: { 'x-shared': 0 } } };
const json = (schema: object) => ({ type: 'application/json', schema: JSON.stringify(schema) });

const GET_PET: MessagesDocument = {
  parameters: [
    parameter('path', 'id', { type: 'integer' }, { isRequired: true }),
    parameter('query', 'limit', { type: 'integer', maximum: 10 }, { isRequired: true }),
    parameter('query', 'tags', { type: 'array', maxItems: 2, items: { type: 'string' } }, { shape: 'list' }),
    parameter('header', 'X-Kind', { enum: ['cat', 'dog'] }),
    parameter('cookie', 'night', { type: 'boolean' }),
  ],
  responses: {
    200: { headers: [parameter('header', 'X-Age', { type: 'integer' })], content: [json({ 'x-shared': 0 })] },
    '4XX': { headers: [], content: [] },
  },
};
const POST_PET: MessagesDocument = {
  parameters: [],
  body: {
    isRequired: true,
    content: [json({ 'x-shared': 0 }), { type: 'application/x-www-form-urlencoded', schema: JSON.stringify(PET) }, { type: 'image/*' }],
  },
  responses: {},
};

const validated = (changes: Partial<ApiDocument> = {}): Partial<ApiDocument> => ({
  validation: { schemas: [JSON.stringify(PET)] },
  operations: [
    operation('GET', '/pets/{id}', { authType: 'None', messages: GET_PET }),
    operation('POST', '/pets', { authType: 'None', messages: POST_PET }),
    operation('GET', '/open', { authType: 'None' }),
  ],
  ...changes,
});

let backend: TestBackend;
let gateway: TestGateway;
let answer = { status: 200, headers: {}, body: '{"name":"Rex"}' };
beforeAll(async () => {
  backend = await startBackend((_request, reply) => {
    reply.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers }).end(answer.body);
  });
  gateway = await TestGateway.start([apiRow(backend.url, validated())]);
});
beforeEach(() => {
  answer = { status: 200, headers: {}, body: '{"name":"Rex"}' };
  backend.seen.length = 0;
});
afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const described = (body: string) => JSON.parse(body).description;

it.each([
  ['/pets/7?limit=10&tags=a&tags=b', { 'x-kind': 'cat', cookie: 'a=b; night=true' }],
  ['/pets/7?limit=10&unknown=1', {}],
])('lets %s pass', async (path, headers) => {
  const { status, body } = await gateway.call(`/pizza/1.0.0${path}`, { headers });

  expect({ status, body }).toEqual({ status: 200, body: '{"name":"Rex"}' });
  expect(backend.seen).toMatchObject([{ url: path }]);
});

it.each([
  ['/pets/x?limit=1', {}, "path parameter 'id' must be integer"],
  ['/pets/7', {}, "query parameter 'limit' is required"],
  ['/pets/7?limit=11', {}, "query parameter 'limit' must be <= 10"],
  ['/pets/7?limit=1&limit=2', {}, "query parameter 'limit' must be integer"],
  ['/pets/7?limit=1&tags=a&tags=b&tags=c', {}, "query parameter 'tags' must NOT have more than 2 items"],
  ['/pets/7?limit=1', { 'X-KIND': 'cow' }, "header 'X-Kind' must be equal to one of the allowed values"],
  ['/pets/7?limit=1', { cookie: 'night=7' }, "cookie 'night' must be boolean"],
  [
    '/pets/7?limit=a',
    { 'x-kind': 'cow' },
    "query parameter 'limit' must be integer, header 'X-Kind' must be equal to one of the allowed values",
  ],
])('refuses %s with %j', async (path, headers, reason) => {
  const { status, body } = await gateway.call(`/pizza/1.0.0${path}`, { headers });

  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 400,
    body: { code: '400', message: 'Bad Request', description: `Schema validation failed in the Request: ${reason}` },
  });
  expect(backend.seen).toEqual([]);
});

it.each([
  ['application/json', '{"name":"Rex","friend":{"name":"Tom"}}'],
  ['application/json; charset=utf-8', '{"name":"Rex"}'],
  ['application/x-www-form-urlencoded', 'name=Rex'],
  ['image/png', 'not looked into'],
])('passes a body of %s on as it came: %s', async (type, body) => {
  const { status } = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', headers: { 'content-type': type }, body });

  expect(status).toBe(200);
  expect(backend.seen).toMatchObject([{ body }]);
});

it.each([
  ['application/json', '', 'body is required'],
  ['application/json', '{', 'body is not JSON'],
  ['application/json', Buffer.from([0x22, 0xff, 0x22]), 'body is not in UTF-8'],
  ['application/json', '{"name":"Methusalem"}', 'body/name must NOT have more than 5 characters'],
  ['application/json', '{"name":"Rex","friend":{"name":7}}', 'body/friend/name must be string'],
  ['application/x-www-form-urlencoded', 'age=7', "body must have required property 'name'"],
  ['text/plain', 'Rex', 'Content-Type is none of those that are defined'],
])('refuses a body of %s: %s', async (type, body, reason) => {
  const refused = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', headers: { 'content-type': type }, body });

  expect(refused.status).toBe(400);
  expect(described(refused.body)).toBe(`Schema validation failed in the Request: ${reason}`);
  expect(backend.seen).toEqual([]);
});

it.each([
  [{ status: 200, headers: {}, body: '{"name":7}' }, 'body/name must be string'],
  [{ status: 200, headers: { 'x-age': 'old' }, body: '{"name":"Rex"}' }, "header 'X-Age' must be integer"],
  [{ status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'Rex' }, 'Content-Type is none of those that are defined'],
  [{ status: 503, headers: {}, body: '{}' }, 'status 503 is not defined'],
])('refuses the answer %j', async (given, reason) => {
  answer = given;

  const { status, body } = await gateway.call('/pizza/1.0.0/pets/7?limit=1');

  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 500,
    body: { code: '500', message: 'Bad Response', description: `Schema validation failed in the Response: ${reason}` },
  });
});

it('takes a body without a type for JSON', async () => {
  const good = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', body: '{"name":"Rex"}' });
  const bad = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', body: '{"name":7}' });

  expect([good.status, bad.status]).toEqual([200, 400]);
});

it('leaves it to HTTP that the client has the answer already', async () => {
  answer = { status: 304, headers: {}, body: '' };

  expect((await gateway.call('/pizza/1.0.0/pets/7?limit=1')).status).toBe(304);
});

it('refuses bodies that are larger than what may be held', async () => {
  const small = await TestGateway.start([apiRow(backend.url, validated())], { mediatedBodyBytesMax: 64 });
  const body = JSON.stringify({ name: 'Rex', rest: 'x'.repeat(64) });
  const headers = { 'content-type': 'application/json' };
  const refused = await small.call('/pizza/1.0.0/pets', { method: 'POST', headers, body });
  const chunked = await small.call('/pizza/1.0.0/pets', { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' }, body });
  answer = { status: 200, headers: {}, body };
  const answered = await small.call('/pizza/1.0.0/pets/7?limit=1');
  await small.stop();

  expect([refused.status, chunked.status]).toEqual([413, 413]);
  expect(JSON.parse(answered.body)).toMatchObject({ code: '101510' });
});

it('is not kept busy by what a hostile body makes of a schema', async () => {
  const schema = {
    type: 'object',
    properties: { list: { type: 'array', uniqueItems: true }, text: { type: 'string', pattern: '^(a+)+$' } },
  };
  const messages: MessagesDocument = { parameters: [], body: { isRequired: true, content: [json(schema)] }, responses: {} };
  const operations = [operation('POST', '/hostile', { authType: 'None', messages })];
  gateway.engine.apply([apiRow(backend.url, validated({ apiId: 'hostile', context: '/h', path: '/h/1', operations }))]);
  const list = Array.from({ length: 20_000 }, (_, at) => ({ at }));
  const body = JSON.stringify({ list, text: `${'a'.repeat(20_000)}!` });
  const started = performance.now();

  const refused = await gateway.call('/h/1/hostile', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  expect(described(refused.body)).toContain('body/text must match pattern');
  expect(performance.now() - started).toBeLessThan(5_000);
});

it('lets answers of a defined range pass, and leaves operations without a description alone', async () => {
  answer = { status: 404, headers: {}, body: 'nothing' };

  const missing = await gateway.call('/pizza/1.0.0/pets/7?limit=1');
  const open = await gateway.call('/pizza/1.0.0/open?limit=x');

  expect([missing.status, open.status]).toEqual([404, 404]);
});

it('looks at what the policies leave of a request', async () => {
  const request = [{ name: 'addQueryParam', version: 'v1', isBuiltIn: true, parameters: { paramKey: 'limit', paramValue: '99' } }];
  gateway.engine.apply([
    apiRow(backend.url, validated({ apiId: 'mediated', context: '/m', path: '/m/1', policies: { request, response: [], fault: [] } })),
  ]);

  const { body } = await gateway.call('/m/1/pets/7');

  expect(described(body)).toBe("Schema validation failed in the Request: query parameter 'limit' must be <= 10");
});

it('does not serve an API whose messages cannot be checked, and says why', async () => {
  const unusable = validated({ apiId: 'bad', context: '/bad', path: '/bad/1', validation: { unusable: 'the pattern of Pet is none' } });
  gateway.engine.apply([apiRow(backend.url, unusable)]);
  await until(() => gateway.messages.some((message) => message.type === 'ack' && message.apiId === 'bad'));

  const ack = gateway.messages.find((message) => message.type === 'ack' && message.apiId === 'bad');
  const { status } = await gateway.call('/bad/1/open');

  expect(ack).toMatchObject({ ok: false, error: 'its messages cannot be checked against its definition: the pattern of Pet is none' });
  expect(status).toBe(404);
});

it.each([
  ['a name twice', '{"name":"Much too long","name":"Rex"}', 'body has a name twice in one object'],
  ['one of its names escaped', '{"name":"Much too long","n\\u0061me":"Rex"}', 'body has a name twice in one object'],
  [
    'a name twice further down',
    '{"name":"Rex","friend":{"name":"Much too long" ,\n"name"\t:"Rex"}}',
    'body has a name twice in one object',
  ],
])('refuses a body that has %s, of which a backend may take the other', async (_what, body, reason) => {
  const refused = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  expect({ status: refused.status, description: JSON.parse(refused.body).description }).toEqual({
    status: 400,
    description: `Schema validation failed in the Request: ${reason}`,
  });
});

it('lets names come again in other objects, and in texts', async () => {
  const body = JSON.stringify({
    name: 'a":"b',
    friend: { name: 'Rex', friend: { name: '\\":' } },
    more: [[], {}, null, 'name', { name: 1 }],
  });

  const served = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', headers: { 'content-type': 'application/json' }, body });

  expect(served.status).toBe(200);
});

it('refuses a body with two types, of which a backend may take the other', async () => {
  const headers = { 'content-type': ['image/png', 'application/json'] as unknown as string };

  const refused = await gateway.call('/pizza/1.0.0/pets', { method: 'POST', headers, body: '{}' });

  expect(refused.status).toBe(400);
});
