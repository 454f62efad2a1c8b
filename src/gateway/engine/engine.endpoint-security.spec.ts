import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EndpointDocument, EndpointSecurityDocument } from '../../domain/gateway-documents.js';
import {
  type Answer,
  apiRow,
  type CallOptions,
  operation,
  Signer,
  startBackend,
  subscriber,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';

const signer = new Signer('key-a');
const OPERATIONS = ['GET', 'POST'].map((method) => operation(method, '/*'));
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const backendOf = async (answer?: (request: IncomingMessage, reply: ServerResponse) => void): Promise<TestBackend> => {
  const backend = await startBackend(answer);
  cleanups.push(() => backend.stop());
  return backend;
};

const gatewayTo = async (
  url: string,
  security: EndpointSecurityDocument,
  changes: Partial<EndpointDocument> = {},
): Promise<TestGateway> => {
  const production = { url, onTimeout: 'fault' as const, timeoutMs: null, security, ...changes };
  const endpoints = { production, sandbox: null };
  // The client's credentials reach the backend unless something takes their place.
  const settings = { enableOutboundAuthHeader: true };
  const gateway = await TestGateway.start([...subscriber(signer), apiRow(url, { operations: OPERATIONS, endpoints })], settings);
  cleanups.push(() => gateway.stop());
  return gateway;
};

const call = (gateway: TestGateway, { headers, ...options }: CallOptions = {}, path = '/x'): Promise<Answer> =>
  gateway.call(`/pizza/1.0.0${path}`, { ...options, headers: { Authorization: `Bearer ${signer.token()}`, ...headers } });

const authorizations = ({ seen }: TestBackend) => seen.map(({ headers }) => headers.authorization);

it('says who the gateway is by name and password, in place of what the client said', async () => {
  const backend = await backendOf();
  const gateway = await gatewayTo(backend.url, { type: 'basic', username: 'ann', secrets: { password: 'pa:ss wörd' } });

  await call(gateway);

  expect(backend.seen[0]?.rawHeaders.filter((name) => name.toLowerCase() === 'authorization')).toHaveLength(1);
  expect(authorizations(backend)).toEqual([`Basic ${Buffer.from('ann:pa:ss wörd').toString('base64')}`]);
});

it('gives credentials to every member of a group', async () => {
  const [first, second] = [await backendOf((request) => request.socket.destroy()), await backendOf()];
  const others = [{ url: second.url, onTimeout: 'fault' as const, timeoutMs: null }];
  const group = { others, choice: 'failover' as const, failsOver: true, sessionMs: null };
  const gateway = await gatewayTo(first.url, { type: 'basic', username: 'ann', secrets: { password: 'p' } }, { group });

  expect((await call(gateway)).status).toBe(200);

  const expected = `Basic ${Buffer.from('ann:p').toString('base64')}`;
  expect(authorizations(first).every((value) => value === expected)).toBe(true);
  expect(authorizations(second)).toEqual([expected]);
});

it('is not served when its secrets cannot be opened, and says so', async () => {
  const backend = await backendOf();
  const gateway = await gatewayTo(backend.url, { type: 'basic', username: 'ann', secrets: null });

  expect((await call(gateway)).status).toBe(404);
  expect(gateway.messages).toContainEqual(
    expect.objectContaining({ type: 'ack', ok: false, error: expect.stringContaining('cannot be opened') }),
  );
});

describe('an API key', () => {
  it('goes into its header', async () => {
    const backend = await backendOf();
    const gateway = await gatewayTo(backend.url, { type: 'apikey', name: 'X-Key', place: 'header', secrets: { apiKeyValue: 'secret' } });

    await call(gateway, { headers: { 'x-key': 'mine' } });

    expect(backend.seen[0]?.headers['x-key']).toBe('secret');
  });

  it('goes into the query, where the client’s own does not stand beside it', async () => {
    const backend = await backendOf();
    const security = { type: 'apikey', name: 'api key', place: 'query', secrets: { apiKeyValue: 'a&b' } } as const;
    const gateway = await gatewayTo(`${backend.url}/base?fix=1`, security);

    await call(gateway);
    await call(gateway, {}, '/x?a=1&api%20key=mine&b=2');

    expect(backend.seen.map(({ url }) => url)).toEqual(['/base/x?fix=1&api%20key=a%26b', '/base/x?fix=1&api%20key=a%26b&a=1&b=2']);
  });
});

describe('OAuth', () => {
  const oauthOf = (tokenUrl: string, changes: object = {}): EndpointSecurityDocument => ({
    type: 'oauth',
    grant: 'client_credentials',
    tokenUrl,
    clientId: 'client',
    username: '',
    parameters: { audience: 'api' },
    connectMs: null,
    answerMs: null,
    secrets: { clientSecret: 'secret', 'parameter:extra': 'hidden' },
    ...changes,
  });

  const tokensOf = (answer: (count: number) => object) => {
    let count = 0;
    return backendOf((_request, reply) => {
      count += 1;
      reply.setHeader('Content-Type', 'application/json');
      reply.end(JSON.stringify(answer(count)));
    });
  };
  const formsOf = ({ seen }: TestBackend) => seen.map(({ body }) => Object.fromEntries(new URLSearchParams(body)));

  it('fetches one token for all requests and keeps it', async () => {
    const tokens = await tokensOf((count) => ({ access_token: `t${count}`, expires_in: 3_600 }));
    const backend = await backendOf();
    const gateway = await gatewayTo(backend.url, oauthOf(`${tokens.url}/token`));

    await Promise.all([1, 2, 3, 4].map(() => call(gateway, { method: 'POST', body: 'x' })));
    await call(gateway);

    expect(authorizations(backend)).toEqual(Array.from({ length: 5 }, () => 'Bearer t1'));
    expect(tokens.seen).toHaveLength(1);
    expect(tokens.seen[0]).toMatchObject({
      method: 'POST',
      url: '/token',
      headers: { authorization: `Basic ${Buffer.from('client:secret').toString('base64')}` },
    });
    expect(formsOf(tokens)).toEqual([{ grant_type: 'client_credentials', audience: 'api', extra: 'hidden' }]);
  });

  it('fetches tokens through a proxy that knows who asks', async () => {
    const asked: (string | undefined)[] = [];
    const tokens = await tokensOf(() => ({ access_token: 't', expires_in: 3_600 }));
    const proxy = createServer((request, reply) => {
      asked.push(request.url, request.headers['proxy-authorization']);
      // A target without TLS is named in the request line; the body is of no interest to the token server of this test.
      request.resume().on('end', () => {
        void fetch(request.url ?? '', { method: 'POST', body: '' }).then(async (answer) => reply.end(await answer.text()));
      });
    });
    await new Promise<void>((resolve) => {
      proxy.listen(0, '127.0.0.1', resolve);
    });
    cleanups.push(async () => {
      proxy.closeAllConnections();
      await new Promise<void>((resolve) => proxy.close(() => resolve()));
    });
    const backend = await backendOf();
    // An address of a listening server is never a pipe's name.
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const secrets = { clientSecret: 'secret', proxyPassword: 'pass' };
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url, { secrets, proxy: { url, username: 'ann' } }));

    await call(gateway);

    expect(authorizations(backend)).toEqual(['Bearer t']);
    expect(asked).toEqual([`${tokens.url}/`, `Basic ${Buffer.from('ann:pass').toString('base64')}`]);
  });

  it('fetches tokens with a password, and further ones with what the first came with', async () => {
    const tokens = await tokensOf((count) => ({
      access_token: `t${count}`,
      expires_in: count === 1 ? 0.05 : 3_600,
      refresh_token: 'again',
    }));
    const backend = await backendOf();
    const secrets = { clientSecret: 'secret', password: 'pw' };
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url, { grant: 'password', username: 'ann', secrets, parameters: {} }));

    await call(gateway);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await call(gateway);

    expect(authorizations(backend)).toEqual(['Bearer t1', 'Bearer t2']);
    expect(formsOf(tokens)).toEqual([
      { grant_type: 'password', username: 'ann', password: 'pw' },
      { grant_type: 'refresh_token', refresh_token: 'again' },
    ]);
  });

  it('sends a request whose token is refused once more with a new one, body included', async () => {
    const tokens = await tokensOf((count) => ({ access_token: `t${count}`, expires_in: 3_600 }));
    const backend = await backendOf((request, reply) => {
      if (request.headers.authorization === 'Bearer t1') reply.writeHead(401, { 'X-Why': 'old' }).end('no');
      else reply.end('yes');
    });
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url));

    const answer = await call(gateway, { method: 'POST', body: 'order' });

    expect([answer.status, answer.body]).toEqual([200, 'yes']);
    expect(backend.seen.map(({ body }) => body)).toEqual(['order', 'order']);
    expect((await call(gateway)).body).toBe('yes');
    expect(tokens.seen).toHaveLength(2);
  });

  it('tells a temporary error when the new token is refused too', async () => {
    const tokens = await tokensOf((count) => ({ access_token: `t${count}` }));
    const backend = await backendOf((_request, reply) => reply.writeHead(401).end('no'));
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url));

    const answer = await call(gateway);

    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toEqual({ code: '900424', message: 'Temporary Server Error', description: 'Please try again' });
    expect(backend.seen).toHaveLength(2);
  });

  it('sends a request without credentials when there is no token, and says so to the operator without a secret', async () => {
    const tokens = await backendOf((_request, reply) => reply.writeHead(500).end('client secret is secret'));
    const backend = await backendOf();
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url));

    expect((await call(gateway)).status).toBe(200);
    await call(gateway);

    expect(authorizations(backend)).toEqual([undefined, undefined]);
    expect(tokens.seen).toHaveLength(1);
    const warnings = gateway.messages.filter(({ type }) => type === 'warning');
    expect(warnings).toEqual([
      { type: 'warning', message: 'no token for a backend', detail: { tokenUrl: tokens.url, error: 'the token endpoint answered 500' } },
    ]);
  });

  it('does not wait for a token endpoint that stalls longer than it is told', async () => {
    const tokens = await backendOf(() => undefined);
    const backend = await backendOf();
    const gateway = await gatewayTo(backend.url, oauthOf(tokens.url, { connectMs: 50, answerMs: 50 }));
    const began = Date.now();

    expect((await call(gateway)).status).toBe(200);

    expect(Date.now() - began).toBeLessThan(1_500);
  });
});

describe('digest', () => {
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const fieldsOf = (header: string): Record<string, string> =>
    Object.fromEntries([...header.matchAll(/(\w+)="?([^",]+)"?/g)].map(([, name = '', value = '']) => [name, value]));

  /** Takes a request whose response is right; challenges every other. */
  const guarded = (qop: string, algorithm: string) => (request: IncomingMessage, reply: ServerResponse) => {
    const header = request.headers.authorization ?? '';
    const { nc = '', cnonce = '', uri = '', response, ...rest } = fieldsOf(header);
    const isSession = algorithm.endsWith('-sess');
    const user = md5('ann:here:pw');
    const secret = isSession ? md5(`${user}:n1:${cnonce}`) : user;
    const body = qop === 'auth-int' ? `:${md5('order')}` : '';
    const expected = md5(`${secret}:n1:${nc}:${cnonce}:${qop.split(',')[0]}:${md5(`${request.method}:${uri}${body}`)}`);
    if (header.startsWith('Digest ') && response === expected && uri === request.url && rest['opaque'] === 'o') reply.end(`yes ${nc}`);
    else
      reply
        .writeHead(401, { 'WWW-Authenticate': `Digest realm="here", nonce="n1", opaque="o", qop="${qop}", algorithm=${algorithm}` })
        .end('no');
  };

  it.each([
    ['auth', 'MD5'],
    ['auth,auth-int', 'MD5'],
    ['auth-int', 'MD5'],
    ['auth', 'MD5-sess'],
  ])('answers the challenge %s of %s, and the next request at once', async (qop, algorithm) => {
    const backend = await backendOf(guarded(qop, algorithm));
    const gateway = await gatewayTo(`${backend.url}/base`, { type: 'digest', username: 'ann', secrets: { password: 'pw' } });

    const answers = [
      await call(gateway, { method: 'POST', body: 'order' }, '/x?a=1'),
      await call(gateway, { method: 'POST', body: 'order' }, '/y'),
    ];

    expect(answers.map(({ body }) => body)).toEqual(['yes 00000001', 'yes 00000002']);
    expect(backend.seen).toHaveLength(3);
  });

  it('leaves a second refusal to the client', async () => {
    const backend = await backendOf(guarded('auth', 'MD5'));
    const gateway = await gatewayTo(backend.url, { type: 'digest', username: 'ann', secrets: { password: 'wrong' } });

    const answer = await call(gateway);

    expect([answer.status, answer.body]).toEqual([401, 'no']);
    expect(backend.seen).toHaveLength(2);
  });
});
