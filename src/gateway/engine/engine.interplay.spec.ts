import { once } from 'node:events';
import { createServer, request as http } from 'node:http';
import { type ClientHttp2Session, connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { WebSocket, WebSocketServer } from 'ws';
import type { AttachedPolicyDocument, MessagesDocument, PolicyFlowsDocument } from '../../domain/gateway-documents.js';
import {
  apiDocument,
  operation,
  row,
  Signer,
  startBackend,
  startRawBackend,
  subscriber,
  type TestBackend,
  TestGateway,
  until,
} from './engine.fixture.js';
import type { FromWorker } from './messages.js';
import { COUNTS_AT, DURATIONS_AT } from './observability/figures.js';
import { builtIn, written } from './sequences.fixture.js';

/** Features that are each tested by themselves elsewhere, two or more of them at one request. */
const signer = new Signer('kid-1');
const OPEN = { authType: 'None' as const };
const BODY = '{"name":"Rex"}';
const cleanups: (() => Promise<unknown>)[] = [];
let backend: TestBackend;
let gateway: TestGateway;
let client: ClientHttp2Session;
let signing: NodeJS.Timeout;

const flows = (changes: Partial<PolicyFlowsDocument>): PolicyFlowsDocument => ({ request: [], response: [], fault: [], ...changes });
const header = (headerName: string, headerValue: string): AttachedPolicyDocument => builtIn('addHeader', 'v3', { headerName, headerValue });
/** Asks somebody else before the answer may go on. */
const asksAside = (): AttachedPolicyDocument =>
  written(
    `<call><endpoint><address uri="${backend.url}/aside"/></endpoint><source type="inline">{"q":1}</source><target type="property">said</target></call><property name="X-By" value="policy" scope="transport"/>`,
  );
const PET: MessagesDocument = {
  parameters: [],
  responses: {
    200: {
      headers: [],
      content: [{ type: 'application/json', schema: JSON.stringify({ type: 'object', required: ['name'] }) }],
    },
  },
};
const messages = <T extends FromWorker['type']>(type: T) =>
  gateway.messages.filter((message): message is Extract<FromWorker, { readonly type: T }> => message.type === type);

/** A gateway explains fifty requests a second; this many leave room for one more test. */
const EXPLAINED_A_SECOND = 40;
/** Explanations asked for in this second, or longer ago. */
let explained = 0;

/** Signs explanations in place of the main thread. */
const signExplanations = (): NodeJS.Timeout => {
  let signed = 0;
  return setInterval(() => {
    const questions = messages('sign-question');
    for (const { id } of questions.slice(signed)) gateway.engine.signed(id, 'an.explanation.signed');
    signed = questions.length;
  }, 2);
};

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }]);
  backend = await startBackend((request, reply) => {
    const url = request.url ?? '';
    if (url.includes('/nameless')) reply.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    else if (url.includes('/trailed')) {
      reply.writeHead(200, { 'Content-Type': 'application/json', Trailer: 'X-Sum' });
      reply.write(BODY);
      reply.addTrailers({ 'X-Sum': '7' });
      reply.end();
    } else if (url.includes('/digest') && request.headers.authorization === undefined)
      reply.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256' }).end();
    else if (!url.includes('/never')) reply.writeHead(200, { 'Content-Type': 'application/json' }).end(BODY);
  });
  const gone = await startRawBackend((socket) => socket.destroy());
  const both = createServer((_request, reply) => reply.end(BODY));
  const sockets = new WebSocketServer({ server: both });
  await new Promise<void>((resolve) => both.listen(0, '127.0.0.1', resolve));
  cleanups.push(
    () => backend.stop(),
    () => gone.stop(),
    async () => sockets.close(),
    async () => both.close(),
  );

  const socketUrl = `http://127.0.0.1:${(both.address() as AddressInfo).port}`;
  const endpoint = { url: backend.url, onTimeout: 'fault' as const, timeoutMs: null };
  const api = (apiId: string, changes: Parameters<typeof apiDocument>[1]) =>
    row('api', apiId, apiDocument(backend.url, { apiId, name: apiId, context: `/${apiId}`, path: `/${apiId}`, ...changes }));
  const all = (changes: Partial<ReturnType<typeof operation>> = {}) =>
    ['GET', 'HEAD', 'POST', 'PUT'].map((method) => operation(method, '/*', { ...OPEN, ...changes }));
  gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      api('quick', { cacheSeconds: 60, operations: all({ policies: flows({ response: [header('X-By', 'policy')] }) }) }),
      api('slow', { cacheSeconds: 60, operations: all({ policies: flows({ response: [asksAside()] }) }) }),
      api('checked', { cacheSeconds: 60, validation: { schemas: [] }, operations: all({ messages: PET }) }),
      api('all', {
        cacheSeconds: 60,
        validation: { schemas: [] },
        operations: all({ messages: PET, policies: flows({ response: [header('X-First', '1'), asksAside()] }) }),
      }),
      api('mock', {
        isMock: true,
        validation: { schemas: [] },
        endpoints: { production: null, sandbox: null },
        operations: [
          operation('GET', '/good', { ...OPEN, messages: PET, mock: { usual: '200', responses: { 200: { json: BODY } } } }),
          operation('GET', '/bad', { ...OPEN, messages: PET, mock: { usual: '200', responses: { 200: { json: '{}' } } } }),
        ],
      }),
      api('function', {
        cacheSeconds: 60,
        endpoints: {
          production: {
            ...endpoint,
            url: 'https://lambda.eu-west-1.amazonaws.com',
            security: { type: 'aws', region: 'eu-west-1', service: 'lambda', accessKey: 'AKID', secrets: { secretKey: 's' } },
          },
          sandbox: null,
        },
        operations: ['GET', 'POST'].map((method) =>
          operation(method, '/*', {
            ...OPEN,
            lambda: { name: 'pizza', timeoutMs: 5_000, isEncoded: false },
            policies: flows({ request: [header('X-Early', 'yes')], response: [header('X-By', 'policy')] }),
          }),
        ),
      }),
      api('spare', {
        endpoints: {
          production: {
            ...endpoint,
            url: gone.url,
            group: { others: [{ ...endpoint, url: backend.url }], choice: 'failover', failsOver: true, sessionMs: null },
          },
          sandbox: null,
        },
        operations: all({ policies: flows({ request: [builtIn('jsonToXML', 'v1')], response: [asksAside()] }) }),
      }),
      api('digest', {
        endpoints: {
          production: {
            ...endpoint,
            url: `${backend.url}/digest`,
            security: { type: 'digest', username: 'ann', secrets: { password: 'p' } },
          },
          sandbox: null,
        },
        operations: all({ policies: flows({ request: [builtIn('jsonToXML', 'v1')], response: [asksAside()] }) }),
      }),
      // The latter for figures, where nobody else calls.
      ...['', 'counted-'].flatMap((prefix) => [
        api(`${prefix}closed`, { operations: [operation('GET', '/*')] }),
        api(`${prefix}away`, { endpoints: { production: { ...endpoint, url: gone.url }, sandbox: null }, operations: all() }),
        api(`${prefix}plain`, { cacheSeconds: 60, operations: all() }),
        api(`${prefix}socket`, {
          cacheSeconds: 60,
          allowsUpgrades: true,
          endpoints: { production: { ...endpoint, url: socketUrl }, sandbox: null },
          operations: all(),
        }),
      ]),
    ],
    {
      httpsPort: 0,
      tls: { key, cert },
      awsLambdaUrl: backend.url,
      observability: {
        accessLog: { format: 'json', pattern: '' },
        metrics: true,
        traces: { ratio: 1 },
        alwaysCorrelates: false,
        apiLogPayloadBytesMax: 1_024,
      },
    },
  );
  signing = signExplanations();
  const port = messages('listening')[0]?.httpsPort ?? 0;
  client = connect(`https://localhost:${port}`, { rejectUnauthorized: false });
});
beforeEach(() => {
  backend.seen.length = 0;
});
afterAll(async () => {
  clearInterval(signing);
  client.destroy();
  await gateway.stop();
  for (const cleanup of cleanups) await cleanup();
});

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  readonly trailers: Readonly<Record<string, unknown>>;
}

type Front = (method: string, path: string, headers?: Record<string, string>) => Promise<Heard>;

const overHttp1: Front = (method, path, headers = {}) =>
  new Promise((resolve, reject) => {
    const outgoing = http({ host: '127.0.0.1', port: gateway.port, method, path, headers, agent: false }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += String(chunk);
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body, trailers: answer.trailers }));
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

const overHttp2: Front = (method, path, headers = {}) =>
  new Promise((resolve, reject) => {
    const stream = client.request({ ':method': method, ':path': path, ...headers });
    const heard = { status: 0, headers: {}, body: '', trailers: {} };
    stream.on('response', (head) => Object.assign(heard, { status: head[':status'], headers: head }));
    stream.on('trailers', (trailers) => Object.assign(heard, { trailers }));
    stream.on('data', (chunk) => {
      heard.body += String(chunk);
    });
    stream.on('error', reject);
    stream.on('close', () => resolve(heard));
  });

const FRONTS: readonly (readonly [name: string, front: Front])[] = [
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
];
const testKey = () => {
  const subscribedAPIs = ['plain', 'quick', 'slow', 'checked', 'all', 'mock', 'closed', 'away'].map((uuid) => ({ uuid }));
  return signer.token({ token_type: 'InternalKey', keytype: 'PRODUCTION', subscribedAPIs });
};
/** Requests to the backend that are the client's. */
const byClient = () => backend.seen.filter(({ url }) => !url.startsWith('/aside'));
let places = 0;
const somewhere = (): string => {
  places += 1;
  return `/place-${places}`;
};

describe.each(FRONTS)('over %s', (front, ask) => {
  describe.each([false, true])('with an explanation: %s', (isExplained) => {
    const wanted = (): Record<string, string> => {
      if (!isExplained) return {};
      explained += 1;
      return { 'x-gateway-explain': testKey() };
    };
    // No test asks for more than a few: the next one begins in another second.
    beforeEach(async () => {
      if (!isExplained || explained < EXPLAINED_A_SECOND) return;
      await new Promise((resolve) => setTimeout(resolve, 1_000 - (Date.now() % 1_000)));
      explained = 0;
    });
    const explanation = isExplained ? 'an.explanation.signed' : undefined;

    it.each([
      ['plain', undefined],
      ['quick', 'policy'],
      ['slow', 'policy'],
      ['checked', undefined],
      ['all', 'policy'],
    ])('an answer of the API %s is kept as its policies left it, and serves HEAD too', async (api, by) => {
      const path = `/${api}${somewhere()}`;

      const first = await ask('GET', path, wanted());
      const second = await ask('GET', path, wanted());
      const head = await ask('HEAD', path, wanted());

      expect([first, second, head].map(({ status, body }) => [status, body])).toEqual([
        [200, BODY],
        [200, BODY],
        [200, ''],
      ]);
      expect([first, second, head].map(({ headers }) => headers['x-by'])).toEqual([by, by, by]);
      expect([first, second, head].map(({ headers }) => headers['age'])).toEqual([undefined, '0', '0']);
      expect([first, second, head].map(({ headers }) => headers['x-gateway-explanation'])).toEqual([explanation, explanation, explanation]);
      expect(head.headers['content-length']).toBe(String(BODY.length));
      expect(byClient().length).toBe(1);
    });

    it.each([
      ['plain', undefined],
      ['quick', 'policy'],
      ['slow', 'policy'],
      ['checked', undefined],
      ['all', 'policy'],
    ])('the API %s answers HEAD with the head alone', async (api, by) => {
      const answer = await ask('HEAD', `/${api}${somewhere()}`, wanted());

      expect(answer).toMatchObject({ status: 200, body: '' });
      expect(answer.headers['x-by']).toBe(by);
      expect(answer.headers['x-gateway-explanation']).toBe(explanation);
    });

    it.each(['checked', 'all'])('an answer that the API %s finds wrong is a fault, and not kept', async (api) => {
      const path = `/${api}/nameless${somewhere()}`;

      const answers = [await ask('GET', path, wanted()), await ask('GET', path, wanted())];

      for (const { status, body, headers } of answers) {
        expect({ status, body: JSON.parse(body) }).toMatchObject({ status: 500, body: { message: 'Bad Response' } });
        expect(headers).not.toHaveProperty('age');
        expect(headers['x-gateway-explanation']).toBe(explanation);
      }
      expect(byClient().length).toBe(2);
    });

    it.each([
      ['/mock/good', 200],
      ['/mock/bad', 500],
      ['/closed/x', 401],
      ['/away/x', 500],
    ])('%s is answered %i', async (path, status) => {
      const answer = await ask('GET', path, wanted());

      expect(answer.status).toBe(status);
      expect(answer.headers['x-gateway-explanation']).toBe(explanation);
    });
  });

  it.each([
    'plain',
    'quick',
    'slow',
  ])('trailers pass the API %s where the protocol has a place for them, and the answer from memory has none', async (api) => {
    const path = `/${api}/trailed${somewhere()}`;
    const te = { te: 'trailers' };

    const first = await ask('GET', path, te);
    const second = await ask('GET', path, te);

    expect(first).toMatchObject({ status: 200, body: BODY });
    // What was taken in for a policy has a length, with which HTTP/1.1 has no trailers.
    expect(first.trailers['x-sum']).toBe(api === 'slow' && front === 'HTTP/1.1' ? undefined : '7');
    expect(second).toMatchObject({ status: 200, body: BODY });
    expect(second.trailers).not.toHaveProperty('x-sum');
  });
});

it('a function gets what the request policies made, is asked once for a resource that is kept, and answers the response policies', async () => {
  const path = `/function${somewhere()}?size=2`;

  const answers = [await gateway.call(path), await gateway.call(path)];
  await gateway.call(path, { method: 'POST', body: '{"a":1}' });
  const after = await gateway.call(path);

  const [first, written, again] = backend.seen.map(({ body }): Record<string, unknown> => JSON.parse(body));
  expect(answers.map(({ status, headers, body }) => [status, headers['x-by'], body])).toEqual([
    [200, 'policy', BODY],
    [200, 'policy', BODY],
  ]);
  expect(first).toMatchObject({ httpMethod: 'GET', queryStringParameters: { size: '2' }, headers: { 'X-Early': 'yes' } });
  expect(written).toMatchObject({ httpMethod: 'POST', body: '{"a":1}' });
  expect(again).toMatchObject({ httpMethod: 'GET' });
  expect(after.headers).not.toHaveProperty('age');
});

it.each([
  ['spare', 'the next endpoint'],
  ['digest', 'a backend that wants credentials'],
])('over %s, %s gets the body as the policies made it', async (api) => {
  const path = `/${api}${somewhere()}`;

  const answer = await gateway.call(path, { method: 'PUT', body: '{"pet":"Rex"}', headers: { 'Content-Type': 'application/json' } });

  const bodies = byClient().map(({ body }) => body);
  expect(answer).toMatchObject({ status: 200, body: BODY, headers: { 'x-by': 'policy' } });
  expect(bodies.length).toBe(api === 'digest' ? 2 : 1);
  for (const body of bodies) expect(body).toContain('<pet>Rex</pet>');
});

const joins = async (path: string): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`);
  await once(socket, 'open');
  return socket;
};

it('a handshake is never answered with what was kept for a GET', async () => {
  const path = `/socket${somewhere()}`;
  await gateway.call(path);
  const kept = await gateway.call(path);

  const socket = await joins(path);

  expect(kept.headers['age']).toBe('0');
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});

describe('figures', () => {
  const lines = () =>
    messages('access-lines').flatMap(({ text }) =>
      text
        .trimEnd()
        .split('\n')
        .map((line): Record<string, unknown> => JSON.parse(line)),
    );
  const counted = (api: string): number =>
    messages('figures')
      .flatMap(({ figures }) => figures)
      .filter((each) => each.api === api)
      .reduce((sum, { values }) => sum + values.slice(COUNTS_AT, DURATIONS_AT).reduce((total, value) => total + value, 0), 0);
  const hits = (apiId: string): number =>
    messages('usage')
      .flatMap(({ records }) => records)
      .filter((record) => record.apiId === apiId)
      .reduce((sum, record) => sum + record.hits, 0);
  const traces = (path: string): number =>
    messages('traces')
      .flatMap((message): readonly { readonly path: string }[] => JSON.parse(message.traces))
      .filter((trace) => trace.path === path).length;

  const hangUp = async (path: string): Promise<void> => {
    const outgoing = http({ host: '127.0.0.1', port: gateway.port, path, agent: false });
    outgoing.on('error', () => undefined);
    outgoing.end();
    await until(() => backend.seen.some(({ url }) => path.endsWith(url)));
    outgoing.destroy();
  };
  const keep = async (path: string): Promise<void> => {
    await gateway.call(path);
  };

  it.each([
    ['a refusal', '/counted-closed', { status: 401, outcome: 'refused', backendMs: null }, keep],
    ['a fault', '/counted-away', { status: 500, outcome: 'fault' }, keep],
    ['an answer', '/counted-plain', { status: 200, outcome: 'answered', bytes: BODY.length }, keep],
    ['an answer to HEAD', '/counted-plain', { status: 200, bytes: 0 }, (path: string) => gateway.call(path, { method: 'HEAD' })],
    ['a handshake', '/counted-socket', { status: 101, outcome: 'answered' }, async (path: string) => (await joins(path)).terminate()],
    ['a client that hangs up', '/counted-plain/never', { outcome: 'aborted' }, hangUp],
  ])('count %s once everywhere', async (_what, base, expected, make) => {
    const path = base + somewhere();
    const apiId = base.split('/')[1] ?? '';
    const before = hits(apiId);

    await make(path);
    await until(() => hits(apiId) > before && traces(path) > 0);

    expect(lines().filter(({ url }) => url === path)).toEqual([expect.objectContaining(expected)]);
    expect([hits(apiId) - before, counted(apiId) - before, traces(path)]).toEqual([1, 1, 1]);
  });

  it('count an answer from memory as an answer without a backend', async () => {
    const path = `/counted-plain${somewhere()}`;
    await keep(path);

    await keep(path);
    await until(() => lines().filter(({ url }) => url === path).length === 2);

    expect(lines().filter(({ url }) => url === path)).toMatchObject([
      { status: 200, bytes: BODY.length, backendMs: expect.any(Number) },
      { status: 200, bytes: BODY.length, backendMs: null },
    ]);
  });
});
