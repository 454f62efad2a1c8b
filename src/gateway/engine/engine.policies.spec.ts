import type { AttachedPolicyDocument, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import type { ApiAck, FromWorker } from './messages.js';

const OPEN = { authType: 'None' as const };
const attach = (name: string, version: string, parameters: Record<string, unknown> = {}, isBuiltIn = true): AttachedPolicyDocument => ({
  name,
  version,
  isBuiltIn,
  parameters,
});
const add = (headerName: string, headerValue: string) => attach('addHeader', 'v3', { headerName, headerValue });
const remove = (headerName: string) => attach('removeHeader', 'v2', { headerName });
const flows = (changes: Partial<PolicyFlowsDocument>): PolicyFlowsDocument => ({ request: [], response: [], fault: [], ...changes });

let backend: TestBackend;
let gateway: TestGateway;

const start = async (
  ofApi: Partial<PolicyFlowsDocument>,
  ofOperation: Partial<PolicyFlowsDocument> = {},
  answer?: Parameters<typeof startBackend>[0],
) => {
  backend = await startBackend(answer);
  gateway = await TestGateway.start([api(backend.url, ofApi, ofOperation)]);
};

const api = (url: string, ofApi: Partial<PolicyFlowsDocument>, ofOperation: Partial<PolicyFlowsDocument> = {}) =>
  apiRow(url, {
    policies: flows(ofApi),
    operations: [
      operation('GET', '/menu', { ...OPEN, policies: flows(ofOperation) }),
      operation('POST', '/menu', { ...OPEN, policies: flows(ofOperation) }),
      operation('GET', '/other', OPEN),
      operation('GET', '/closed'),
    ],
  });

afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

const isAck = (message: FromWorker): message is ApiAck => message.type === 'ack';
const call = (path = '/menu', options: Parameters<TestGateway['call']>[1] = {}) => gateway.call(`/pizza/1.0.0${path}`, options);
const seen = () => backend.seen.at(-1);

describe('headers', () => {
  it('are set and removed on the way to the backend, whatever their case, the API before the operation', async () => {
    await start({ request: [add('X-Level', 'api'), add('X-Api', 'yes'), remove('x-SECRET')] }, { request: [add('x-level', 'operation')] });
    await call('/menu', { headers: { 'X-LEVEL': 'client', 'X-Secret': 's', 'X-Kept': 'k' } });
    expect(seen()?.headers).toMatchObject({ 'x-level': 'operation', 'x-api': 'yes', 'x-kept': 'k' });
    expect(seen()?.headers).not.toHaveProperty('x-secret');
    expect(seen()?.rawHeaders.filter((name) => name.toLowerCase() === 'x-level')).toHaveLength(1);

    await call('/other');
    expect(seen()?.headers).toMatchObject({ 'x-level': 'api' });
  });

  it('are set and removed on the answer', async () => {
    await start({ response: [add('X-From', 'gateway'), remove('X-Powered-By')] }, {}, (_, reply) => {
      reply.writeHead(200, { 'X-Powered-By': 'secret', 'X-From': 'backend', 'Content-Length': '2' }).end('ok');
    });
    const { status, headers, body } = await call();
    expect([status, body, headers['x-from'], headers['x-powered-by']]).toEqual([200, 'ok', 'gateway', undefined]);
  });

  it('of a credential reach the backend when a policy sets them', async () => {
    await start({ request: [add('Authorization', 'Basic YTpi')] });
    await call('/menu', { headers: { Authorization: 'Bearer of-the-client' } });
    expect(seen()?.headers.authorization).toBe('Basic YTpi');
  });

  it('that frame a message are left alone', async () => {
    await start({ request: [add('Content-Length', '99'), remove('Content-Length'), remove('Host')], response: [remove('Content-Length')] });
    const { body, headers } = await call('/menu', { method: 'POST', body: 'four' });
    expect(seen()?.body).toBe('four');
    expect(seen()?.headers).toMatchObject({ 'content-length': '4', host: backend.url.slice('http://'.length) });
    expect([body, headers['content-length']]).toEqual(['hello', '5']);
  });

  it('of cross-origin rules that a policy sets stand instead of those of the gateway', async () => {
    const cors = { origins: ['*'], methods: ['GET'], headers: [], credentials: false };
    const policies = flows({ response: [add('Access-Control-Allow-Origin', 'https://one.example')] });
    backend = await startBackend();
    gateway = await TestGateway.start([apiRow(backend.url, { cors, policies, operations: [operation('GET', '/menu', OPEN)] })]);
    const { headers } = await call('/menu', { headers: { Origin: 'https://a.example' } });
    expect(headers['access-control-allow-origin']).toBe('https://one.example');
  });
});

describe('the target', () => {
  it('gets query parameters as given, but never a broken request line', async () => {
    await start({ request: [attach('addQueryParam', 'v1', { paramKey: 'a b', paramValue: '1%202' })] });
    await call('/menu');
    expect(seen()?.url).toBe('/menu?a%20b=1%202');
    await call('/menu?x=y');
    expect(seen()?.url).toBe('/menu?x=y&a%20b=1%202');
  });

  it("keeps a policy's API key for the backend and drops the caller's", async () => {
    await start({ request: [attach('addQueryParam', 'v1', { paramKey: 'apikey', paramValue: 'ours' })] });
    await call('/menu?apikey=theirs&x=y');
    expect(seen()?.url).toBe('/menu?x=y&apikey=ours');
  });

  it.each([
    ['/new/{uri.var.x}?a', true, '/new/%7Buri.var.x%7D%3Fa?q=1'],
    ['new', true, '/new?q=1'],
    ['/new', 'True', '/new?q=1'],
    ['/new', 'false', '/new'],
    ['/new?a=b', false, '/new?a=b'],
    ['/new?a=b', undefined, '/new?a=b'],
  ])('is rewritten to %s, with the query: %s', async (newResourcePath, includeQueryParams, expected) => {
    await start({ request: [attach('rewriteResourcePath', 'v3', { newResourcePath, includeQueryParams })] });
    await call('/menu?q=1');
    expect(seen()?.url).toBe(expected);
  });

  it.each(['PUT', 'put'])('is asked with another method, written %s', async (httpMethod) => {
    await start({ request: [attach('changeHTTPMethod', 'v1', { httpMethod })] });
    await call('/menu', { method: 'POST', body: 'four' });
    expect([seen()?.method, seen()?.body]).toEqual(['PUT', 'four']);
  });

  it('is asked for a HEAD without leaving the client waiting for a body', async () => {
    await start({ request: [attach('changeHTTPMethod', 'v1', { httpMethod: 'HEAD' })] }, {}, (_, reply) => {
      reply.writeHead(200, { 'Content-Length': '5' }).end();
    });
    expect(await call()).toMatchObject({ status: 200, body: '' });
  });
});

it('sends lengths instead of chunks, both ways', async () => {
  const chunked = attach('disableChunking', 'v1');
  await start({ request: [chunked], response: [chunked] }, {}, (_, reply) => {
    reply.write('in ');
    reply.end('chunks');
  });
  const { body, headers } = await call('/menu', { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' }, body: 'four' });
  expect([seen()?.body, seen()?.headers['content-length'], seen()?.headers['transfer-encoding']]).toEqual(['four', '4', undefined]);
  expect([body, headers['content-length'], headers['transfer-encoding']]).toEqual(['in chunks', '9', undefined]);
});

describe('the log', () => {
  it('gets a line without body, query and credentials', async () => {
    await start({ request: [attach('addLogMessage', 'v2')], response: [attach('debugResponseFlow', 'v2')] });
    await call('/menu?pin=1234', { method: 'POST', headers: { Cookie: 'sid=1', 'X-Api-Key': 'k', 'X-Seen': 'yes' }, body: 'private' });
    const lines = gateway.messages.filter((message) => message.type === 'policy-log');
    expect(lines).toMatchObject([
      {
        text: 'MESSAGE',
        detail: {
          api: 'Pizza:1.0.0',
          resource: '/menu',
          method: 'POST',
          path: '/menu',
          headers: { cookie: '*****', 'x-api-key': '*****', 'x-seen': 'yes' },
        },
      },
      { text: 'OUT_MESSAGE', detail: { status: 200 } },
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/1234|private|sid=1/);
  });

  it('is not drowned', async () => {
    await start({ request: Array.from({ length: 150 }, () => attach('addLogMessage', 'v2')) });
    await call();
    expect(gateway.messages.filter(({ type }) => type === 'policy-log').length).toBeLessThanOrEqual(200);
    expect(gateway.messages.filter(({ type }) => type === 'policy-log').length).toBeGreaterThanOrEqual(100);
  });
});

describe('faults', () => {
  const unreachable = 'http://127.0.0.1:1';
  const startUnreachable = async (fault: readonly AttachedPolicyDocument[]) => {
    backend = await startBackend();
    gateway = await TestGateway.start([api(unreachable, { fault })]);
  };

  it('are reworded, and what follows does not run', async () => {
    await startUnreachable([add('X-Fault', 'yes'), attach('jsonFault', 'v1'), add('X-After', 'no')]);
    const { status, headers, body } = await call();
    expect([status, headers['x-fault'], headers['x-after'], headers['content-type']]).toEqual([500, 'yes', undefined, 'application/json']);
    expect(headers['content-length']).toBe(String(body.length));
    expect(JSON.parse(body)).toEqual({
      fault: {
        code: 101503,
        type: 'Status report',
        message: 'Runtime Error',
        description: 'Error connecting to the back end',
      },
    });
  });

  it('are only those of the backend', async () => {
    await startUnreachable([add('X-Fault', 'yes')]);
    const { status, headers } = await call('/closed');
    expect([status, headers['x-fault']]).toEqual([401, undefined]);
  });
});

describe('an API whose policies cannot run', () => {
  it.each([
    [
      'is no built-in one',
      attach('addHeader', 'v3', { headerName: 'X-A', headerValue: 'b' }, false),
      /cannot run the policy 'addHeader' v3/,
    ],
    [
      'asks for a validator that is not there',
      attach('jsonValidator', 'v1', { jsonSchemaValidator: 'com.example.Mine' }),
      /'jsonValidator': 'jsonSchemaValidator' names the class 'com\.example\.Mine', which is never supported/,
    ],
    ['is not known', attach('magic', 'v1'), /cannot run the policy 'magic' v1/],
    ['would split a header', add('X-A', 'b\r\nX-C: d'), /'addHeader'.*characters/],
    ['names no header', add('X A', 'b'), /'X A' is no name of a header/],
    ['lacks a parameter', attach('addQueryParam', 'v1', { paramKey: 'a' }), /'paramValue' is missing/],
    ['names no method', attach('changeHTTPMethod', 'v1', { httpMethod: 'CONNECT' }), /'CONNECT'/],
    ['is for another flow', attach('jsonFault', 'v1'), /not for the request flow/],
  ])('is not served: one %s', async (_, policy, error) => {
    await start({ request: [policy] });
    expect(gateway.messages.filter(isAck)).toMatchObject([{ ok: false, error: expect.stringMatching(error) }]);
    expect((await call()).status).toBe(404);
  });

  it('keeps the version served before', async () => {
    await start({ request: [add('X-Version', '1')] });
    gateway.engine.apply([api(backend.url, { request: [attach('magic', 'v1')] })]);
    expect((await call()).status).toBe(200);
    expect(seen()?.headers['x-version']).toBe('1');
  });

  it('can be blocked all the same', async () => {
    await start({ request: [add('X-Version', '1')] });
    const policies = flows({ request: [attach('magic', 'v1')] });
    gateway.engine.apply([apiRow(backend.url, { status: 'BLOCKED', policies, operations: [operation('GET', '/menu', OPEN)] })]);
    expect((await call()).status).toBe(503);
  });
});

it('runs after the checks', async () => {
  const signer = new Signer('key-a');
  backend = await startBackend();
  gateway = await TestGateway.start([...subscriber(signer), api(backend.url, { request: [add('X-A', 'b')] })]);
  expect((await call('/closed')).status).toBe(401);
  expect(backend.seen).toHaveLength(0);
  expect((await call('/closed', { headers: { Authorization: `Bearer ${signer.token()}` } })).status).toBe(200);
  expect(seen()?.headers).toMatchObject({ 'x-a': 'b' });
  expect(seen()?.headers).not.toHaveProperty('authorization');
});

describe('threats', () => {
  const post = (body: string, type: string, headers: Record<string, string> = {}) =>
    call('/menu', { method: 'POST', headers: { 'Content-Type': type, ...headers }, body });
  const refused = (description: string) => ({
    status: 400,
    body: JSON.stringify({ code: '400', message: 'Bad Request', description }),
  });

  it('in JSON are refused, and the rest arrives as sent', async () => {
    await start({ request: [attach('jsonValidator', 'v1', { maxStringLength: 5, maxJsonDepth: '2' })] });
    const prefix = 'Request is failed due to a JSON schema validation failure: ';
    expect(await post('{"a": "123456"}', 'application/json')).toMatchObject(refused(`${prefix}Max String Length [5] Reached`));
    expect(await post('[[[]]]', 'application/json; charset=utf-8')).toMatchObject(refused(`${prefix}Max Depth [2] Reached`));
    expect(await post('{', 'application/json')).toMatchObject(refused(`${prefix}The body is no JSON`));
    expect(backend.seen).toHaveLength(0);
    expect((await post('{"a": "12345"}', 'application/json')).status).toBe(200);
    expect(seen()?.body).toBe('{"a": "12345"}');
    expect((await post('', 'application/json')).status).toBe(200);
    expect((await post('{', 'text/plain')).status).toBe(200);
  });

  it('in XML are refused', async () => {
    await start({ request: [attach('xmlValidator', 'v1')] });
    const prefix = 'Request is failed due to an XML schema validation failure: ';
    expect(await post('<!DOCTYPE a><a/>', 'text/xml')).toMatchObject(refused(`${prefix}A document type is not allowed`));
    expect(await post('<a></b>', 'application/xml')).toMatchObject(refused(`${prefix}The tags do not match`));
    expect((await post('<a/>', 'application/xml')).status).toBe(200);
    expect(seen()?.body).toBe('<a/>');
  });

  it.each([
    ['/menu?q=%27%20or%201', {}, '', 'Query Parameters'],
    ['/menu?q=%2527', {}, '', 'Query Parameters'],
    ['/menu?q=DROP+x', {}, '', 'Query Parameters'],
    ['/menu', { 'X-Search': "it's" }, '', 'HTTP Headers'],
    ['/menu', {}, 'select * \n from users', 'Payload'],
    ['/menu', {}, '{"a":"\\u0027"}', 'Payload'],
    ['/menu', {}, 'delete  from x', 'Payload'],
  ])('of SQL are refused: %s %j %s', async (path, headers, body, place) => {
    await start({ request: [attach('regexPolicy', 'v1')] });
    const answer = await call(path, { method: 'POST', headers, body });
    expect(answer).toMatchObject(refused(`SQL-Injection Threat detected in ${place}`));
    expect(backend.seen).toHaveLength(0);
    expect((await call('/menu?from=selected', { method: 'POST', body: 'please choose and erase' })).status).toBe(200);
  });

  it('cannot hide in a compressed or an endless body', async () => {
    await start({ request: [attach('regexPolicy', 'v1')] });
    expect((await post('x', 'text/plain', { 'Content-Encoding': 'gzip' })).status).toBe(415);
    expect((await call('/menu', { method: 'POST', body: Buffer.alloc(10 * 1_048_576 + 1) })).status).toBe(413);
    const chunked = { 'Transfer-Encoding': 'chunked' };
    expect((await call('/menu', { method: 'POST', headers: chunked, body: Buffer.alloc(10 * 1_048_576 + 1) })).status).toBe(413);
    expect(backend.seen).toHaveLength(0);
  });
});

describe('bodies', () => {
  const toXml = attach('jsonToXML', 'v1');
  const toJson = attach('xmlToJson', 'v1');
  const JSON_BODY = { method: 'POST', headers: { 'Content-Type': 'application/json' } };

  it('are turned into XML for the backend, and its answer into JSON', async () => {
    await start({ request: [toXml], response: [toJson] }, {}, (_, reply) => {
      reply.writeHead(200, { 'Content-Type': 'text/xml' }).end('<answer><n>1</n></answer>');
    });
    const { body, headers } = await call('/menu', {
      ...JSON_BODY,
      headers: { ...JSON_BODY.headers, 'Accept-Encoding': 'gzip' },
      body: '{"é":1}',
    });
    const sent = '<jsonObject><é>1</é></jsonObject>';
    expect(seen()).toMatchObject({
      body: sent,
      headers: { 'content-type': 'application/xml; charset=UTF-8', 'content-length': String(Buffer.byteLength(sent)) },
    });
    expect(seen()?.headers).not.toHaveProperty('accept-encoding');
    expect([body, headers['content-type'], headers['content-length']]).toEqual(['{"answer":{"n":1}}', 'application/json', '18']);
  });

  it('of other types, and none at all, pass as they are', async () => {
    await start({ request: [toXml], response: [toJson] });
    expect((await call('/menu', { ...JSON_BODY, body: '' })).body).toBe('hello');
    expect((await call('/menu', { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body: '{' })).status).toBe(200);
    expect(seen()?.body).toBe('{');
  });

  it('that are not what they claim are faults', async () => {
    await start({ request: [toXml], response: [toJson], fault: [add('X-Fault', 'yes')] }, {}, (_, reply) => {
      reply.writeHead(200, { 'Content-Type': 'text/xml' }).end('<answer>');
    });
    const bad = await call('/menu', { ...JSON_BODY, body: '{' });
    expect([bad.status, bad.headers['x-fault'], JSON.parse(bad.body).code]).toEqual([500, 'yes', '601000']);
    expect(backend.seen).toHaveLength(0);
    const answer = await call();
    expect([answer.status, answer.headers['x-fault'], JSON.parse(answer.body)]).toEqual([
      500,
      'yes',
      { code: '601000', type: 'Status report', message: 'Runtime Error', description: 'The document is not complete' },
    ]);
    expect((await call('/menu', { ...JSON_BODY, body: '['.repeat(100_000) })).status).toBe(500);
  });

  it('follow the Accept of the client where that is asked for', async () => {
    await start({ request: [attach('preserveAcceptHeader', 'v1'), attach('applyAcceptHeader', 'v1')] });
    await call('/menu', { ...JSON_BODY, headers: { ...JSON_BODY.headers, Accept: 'application/xml;q=1, */*' }, body: '{"a":1}' });
    expect(seen()?.body).toBe('<jsonObject><a>1</a></jsonObject>');
    expect(seen()?.headers).not.toHaveProperty('accept');
  });

  it('that are too large for policies are faults', async () => {
    await start({ response: [toJson] }, {}, (_, reply) => {
      reply.writeHead(200, { 'Content-Type': 'text/xml' }).end(Buffer.alloc(10 * 1_048_576 + 1));
    });
    const { status, body } = await call();
    expect([status, JSON.parse(body).code]).toEqual([500, '101510']);
  });

  it('of a HEAD or an empty answer are left as they are', async () => {
    await start({ response: [toJson] }, {}, (_, reply) => {
      reply.writeHead(204).end();
    });
    const { status, headers, body } = await call();
    expect([status, headers['content-length'], body]).toEqual([204, undefined, '']);
  });
});
