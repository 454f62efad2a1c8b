import { answersWithKey, associate, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import { type Backend } from '../support/backend.js';
import { type GivenSubscriber, given } from '../support/given.js';
import { askForSdk, compile, run, sdkFiles, unpacked } from '../support/sdks.js';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const echo = { 200: { description: 'What arrived', ...json({ $ref: '#/components/schemas/Echo' }) } };
const definition = {
  openapi: '3.0.3',
  info: { title: 'Orders', version: '1' },
  paths: {
    '/orders/{order-id}': {
      get: {
        operationId: 'get-order',
        summary: 'One order',
        parameters: [
          { name: 'order-id', in: 'path', required: true, schema: { type: 'string' } },
          { name: 'expand', in: 'query', schema: { type: 'array', items: { type: 'string' } } },
          { name: 'class', in: 'query', schema: { type: 'boolean' } },
          { name: 'X-Trace', in: 'header', schema: { type: 'integer' } },
        ],
        responses: echo,
      },
    },
    '/orders': {
      post: {
        operationId: 'create',
        requestBody: { required: true, ...json({ $ref: '#/components/schemas/Order' }) },
        responses: echo,
      },
    },
    '/files': {
      post: {
        operationId: 'upload',
        requestBody: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: {
                type: 'object',
                required: ['file'],
                properties: { file: { type: 'string', format: 'binary' }, note: { type: 'string' } },
              },
            },
          },
        },
        responses: echo,
      },
    },
    '/forms': {
      post: {
        operationId: 'import',
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: { type: 'object', properties: { 'a b': { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } } },
            },
          },
        },
        responses: echo,
      },
    },
    '/missing': { get: { operationId: 'missing', responses: { ...echo, 404: { description: 'None' } } } },
    '/open': { get: { operationId: 'open', 'x-auth-type': 'None', responses: echo } },
  },
  components: {
    schemas: {
      Echo: { type: 'object', required: ['url'], properties: { method: { type: 'string' }, url: { type: 'string' } } },
      Order: {
        type: 'object',
        required: ['kind'],
        properties: {
          kind: { type: 'string', enum: ['small', 'large'] },
          'due-on': { type: 'string', format: 'date' },
          parent: { $ref: '#/components/schemas/Order' },
        },
      },
    },
  },
};

let backend: Backend;
let subscriber: GivenSubscriber;
beforeAll(async () => {
  backend = await given.backend((request, response) => {
    const missing = request.url?.startsWith('/missing');
    const body = missing ? { reason: 'gone' } : { method: request.method, url: request.url };
    request
      .resume()
      .once('end', () => response.writeHead(missing ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body)));
  });
  subscriber = await given.subscriber({ backend, definition, probe: '/orders/0' });
});

/** What the backend was sent since the test began. */
const received = (from: number) =>
  backend.requests.slice(from).map(({ method, url, headers, body }) => ({ method, url, trace: headers['x-trace'], body }));

const TYPED = `
import { create, getOrder, type Order } from './index.js';

export const order: Order = { kind: 'small', 'due-on': '2026-01-01', parent: { kind: 'large' } };
export const url = async (): Promise<string | undefined> => (await getOrder({ path: { orderId: 'a' } })).data?.url;
// @ts-expect-error a kind that is none
export const unknownKind = () => create({ body: { kind: 'huge' } });
// @ts-expect-error without what must be there
export const withoutId = () => getOrder({});
`;

const CALLS = (index: string) => `
import { client, create, getOrder, importOperation, missing, open, upload } from '${index}';
const [token] = process.argv.slice(2);
client.setConfig({ auth: token });
const results = [];
const one = async (promise) => { const { data, error, response } = await promise; results.push({ status: response.status, url: data?.url, error }); };
await one(getOrder({ path: { orderId: 'a/b ?ü' }, query: { expand: ['x', 'y&z'], class: true }, headers: { 'X-Trace': 7 } }));
await one(create({ body: { kind: 'large', 'due-on': '2026-02-03' } }));
await one(upload({ body: { file: new Blob(['content'], { type: 'text/plain' }), note: 'hi' } }));
await one(importOperation({ body: { 'a b': 'c&d', tags: ['x', 'y'] } }));
await one(missing());
client.setConfig({ auth: 'wrong' });
await one(create({ body: { kind: 'large' } }));
await one(open());
console.log(JSON.stringify(results));
`;

const expectCalls = (results: readonly { readonly status: number; readonly url?: string; readonly error?: unknown }[], from: number) => {
  expect(results.map(({ status }) => status)).toEqual([200, 200, 200, 200, 404, 401, 200]);
  expect(results[4]?.error).toEqual({ reason: 'gone' });
  expect(results[5]?.error).toMatchObject({ code: '900901' });
  const [order, created, uploaded, form, , open] = received(from);
  expect(order).toMatchObject({ method: 'GET', url: '/orders/a%2Fb%20%3F%C3%BC?expand=x&expand=y%26z&class=true', trace: '7' });
  expect(JSON.parse(created?.body ?? '')).toEqual({ kind: 'large', 'due-on': '2026-02-03' });
  expect(uploaded?.body).toMatch(/name="file"; filename="[^"]+"\r\n.*\r\n\r\ncontent\r\n.*name="note"\r\n\r\nhi\r\n/s);
  expect([...new URLSearchParams(form?.body)]).toEqual([
    ['a b', 'c&d'],
    ['tags', 'x'],
    ['tags', 'y'],
  ]);
  expect(open).toMatchObject({ method: 'GET', url: '/open' });
};

it('TypeScript: compiles, tells wrong uses, and calls the API through the gateway', async () => {
  const files = await sdkFiles(await askForSdk(given.superAdmin, subscriber.api.id, 'typescript'));
  const folder = unpacked(files, { 'src/typed.ts': TYPED, 'calls.mjs': CALLS('./dist/index.js') });
  const from = backend.requests.length;

  await compile(folder);
  const results = JSON.parse(await run(folder, process.execPath, 'calls.mjs', subscriber.token));

  expectCalls(results, from);
});

it('JavaScript: runs as it is, and calls the API through the gateway', async () => {
  const files = await sdkFiles(await askForSdk(given.superAdmin, subscriber.api.id, 'javascript'));
  const folder = unpacked(files, { 'calls.mjs': CALLS('./lib/index.js') });
  const from = backend.requests.length;

  const results = JSON.parse(await run(folder, process.execPath, 'calls.mjs', subscriber.token));

  expectCalls(results, from);
});

it('JavaScript: its types are those of the TypeScript one', async () => {
  const files = await sdkFiles(await askForSdk(given.superAdmin, subscriber.api.id, 'javascript'));
  const tsconfig = {
    compilerOptions: { target: 'ES2022', module: 'ESNext', moduleResolution: 'Bundler', strict: true, types: [], noEmit: true },
    include: ['lib'],
  };
  const folder = unpacked(files, { 'lib/typed.ts': TYPED, 'tsconfig.json': JSON.stringify(tsconfig) });

  await expect(compile(folder)).resolves.toBe('');
});

const PYTHON = (module: string) => `
import json, ssl, sys
from ${module} import ApiError, Client, Upload

unchecked = ssl._create_unverified_context()
client = Client(access_token=lambda: sys.argv[1], ssl_context=unchecked)
results = []

def one(call):
    try:
        results.append({"status": 200, "url": call()["url"]})
    except ApiError as error:
        results.append({"status": error.status, "error": error.body})

one(lambda: client.get_order("a/b ?ü", expand=["x", "y&z"], class_value=True, x_trace=7))
one(lambda: client.create(body={"kind": "large", "due-on": "2026-02-03"}))
one(lambda: client.upload(body={"file": Upload(b"content", "a.txt", "text/plain"), "note": "hi"}))
one(lambda: client.import_operation(body={"a b": "c&d", "tags": ["x", "y"]}))
one(client.missing)
client = Client(access_token="wrong", ssl_context=unchecked)
one(lambda: client.create(body={"kind": "large"}))
one(client.open)
print(json.dumps(results))
`;

it('Python: is imported, and calls the API through the gateway', async () => {
  const files = await sdkFiles(await askForSdk(given.superAdmin, subscriber.api.id, 'python'));
  const [, module = ''] = /src\/([^/]+)\/client\.py/.exec([...files.keys()].join('\n')) ?? [];
  const folder = unpacked(files, { 'calls.py': PYTHON(module) });
  const from = backend.requests.length;

  const results = JSON.parse(await run(folder, 'python3', '-W', 'error', 'calls.py', subscriber.token));

  expectCalls(results, from);
});

describe('an API that takes keys, and tokens in a header of its own, with the resources of a new API', () => {
  let keyed: GivenSubscriber;
  let apikey: string;
  beforeAll(async () => {
    keyed = await given.subscriber({ backend, with: { ...TOKENS_AND_KEYS, authorizationHeader: 'X-Token' }, probe: false });
    const key = await keyOf(given.superAdmin, keyed.api);
    await associate(given.superAdmin, keyed.api, key.id, keyed.application);
    apikey = key.apikey;
    await answersWithKey(keyed.api, apikey, 200);
  });

  it('JavaScript: is called with either', async () => {
    const calls = `
import { client, getPath } from './lib/index.js';
const [key, token] = process.argv.slice(2);
const statuses = [];
client.setConfig({ auth: ({ type }) => (type === 'apiKey' ? key : undefined) });
statuses.push((await getPath({ path: { path: 'by-key' } })).response.status);
client.setConfig({ auth: undefined, headers: { 'X-Token': 'Bearer ' + token } });
statuses.push((await getPath({ path: { path: 'by-token' } })).response.status);
client.setConfig({ headers: { 'X-Token': null } });
statuses.push((await getPath({ path: { path: 'by-nothing' } })).response.status);
console.log(JSON.stringify(statuses));
`;
    const files = await sdkFiles(await askForSdk(given.superAdmin, keyed.api.id, 'javascript'));
    const from = backend.requests.length;

    const printed = await run(unpacked(files, { 'calls.mjs': calls }), process.execPath, 'calls.mjs', apikey, keyed.token);

    expect(JSON.parse(printed)).toEqual([200, 200, 401]);
    expect(received(from).map(({ url }) => url)).toEqual(['/by-key', '/by-token']);
    expect(files.get('README.md')).toContain("headers: { 'X-Token': `Bearer ");
  });

  it('Python: is called with either, and keeps the slashes of a path', async () => {
    const files = await sdkFiles(await askForSdk(given.superAdmin, keyed.api.id, 'python'));
    const [, module = ''] = /src\/([^/]+)\/client\.py/.exec([...files.keys()].join('\n')) ?? [];
    const calls = `
import ssl, sys
from ${module} import ApiError, Client

unchecked = ssl._create_unverified_context()
Client(api_key=sys.argv[1], ssl_context=unchecked).get_path("by/key é")
Client(access_token=sys.argv[2], ssl_context=unchecked).get_path("by/token...")
try:
    Client(ssl_context=unchecked).get_path("by/nothing")
except ApiError as error:
    print(error.status)
try:
    Client(ssl_context=unchecked).get_path("by/../other")
except ValueError as error:
    print(error)
`;
    const from = backend.requests.length;

    const printed = await run(unpacked(files, { 'calls.py': calls }), 'python3', '-W', 'error', 'calls.py', apikey, keyed.token);

    expect(printed).toBe('401\na part of a path must not be . or ..\n');
    expect(received(from).map(({ url }) => url)).toEqual(['/by/key%20%C3%A9', '/by/token...']);
  });
});
