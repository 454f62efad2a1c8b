import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import { WebSocket, WebSocketServer } from 'ws';
import { apiRow, operation, row, startBackend, TestGateway } from './engine.fixture.js';
import type { ProxySettings } from './messages.js';

const open: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.stop();
});

/** A forward proxy: it resolves every name to this machine, and notes what it is asked for. */
const startProxy = async (refuse?: number) => {
  const asked: { line: string; authorization: string | undefined }[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
  const server = createServer((incoming: IncomingMessage, reply: ServerResponse) => {
    note(incoming);
    if (refuse !== undefined) {
      reply.writeHead(refuse, { 'Proxy-Authenticate': 'Basic realm="x"' }).end('from the proxy');
      return;
    }
    const { port, pathname, search } = new URL(incoming.url ?? '');
    const { 'proxy-authorization': _own, ...headers } = incoming.headers;
    incoming.pipe(
      request({ host: '127.0.0.1', port, path: pathname + search, method: incoming.method, headers }, (answer) => {
        reply.writeHead(answer.statusCode ?? 0, answer.rawHeaders);
        answer.pipe(reply);
      }),
    );
  });
  const sockets = new Set<Duplex>();
  server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    note(incoming);
    sockets.add(socket);
    socket.on('error', () => undefined);
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
      return;
    }
    const backend = connect(Number(incoming.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(backend).pipe(socket);
    });
    backend.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { asked, port: (server.address() as AddressInfo).port };
};

const settings = (port: number, changes: Partial<ProxySettings> = {}): { proxy: ProxySettings } => ({
  proxy: { protocol: 'http', host: '127.0.0.1', port, username: '', password: '', except: [], only: [], ...changes },
});

const operations = ['GET', 'POST'].map((method) => operation(method, '/*', { authType: 'None' }));

const start = async (url: string, proxy: { proxy: ProxySettings }, more: Parameters<typeof TestGateway.start>[0] = []) => {
  const gateway = await TestGateway.start([...more, apiRow(url, { operations, allowsUpgrades: true })], proxy);
  open.push(gateway);
  return gateway;
};

const backendOn = async (host: string) => {
  const backend = await startBackend();
  open.push(backend);
  const url = new URL(backend.url);
  url.hostname = host;
  return { backend, url: url.origin, host: url.host };
};

const startTlsBackend = async (name: string) => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: name }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: name }] }],
  });
  const server = createTlsServer({ key, cert }, (_incoming, reply) => reply.end('over tls'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { host: `${name}:${(server.address() as AddressInfo).port}`, cert };
};

it('a backend without TLS is asked for by the proxy, with credentials for the proxy alone', async () => {
  const { backend, url, host } = await backendOn('backend.test');
  const proxy = await startProxy();
  const gateway = await start(url, settings(proxy.port, { username: 'me', password: 's3cret' }));

  const answer = await gateway.call('/pizza/1.0.0/order?a=1', { method: 'POST', body: 'dough', headers: { 'X-Mine': 'yes' } });

  expect(answer).toMatchObject({ status: 200, body: 'hello' });
  expect(proxy.asked).toEqual([{ line: `POST ${url}/order?a=1`, authorization: `Basic ${Buffer.from('me:s3cret').toString('base64')}` }]);
  expect(backend.seen[0]).toMatchObject({ method: 'POST', url: '/order?a=1', body: 'dough', headers: { host, 'x-mine': 'yes' } });
});

it('a backend over TLS is reached through a tunnel, and proves who it is', async () => {
  const backend = await startTlsBackend('backend.test');
  const proxy = await startProxy();
  const trusted = row('endpoint-certificate', 'cert', { server: 'backend.test', pem: backend.cert });
  const gateway = await start(`https://${backend.host}`, settings(proxy.port, { username: 'me', password: 'x' }), [trusted]);
  const distrustful = await start(`https://${backend.host}`, settings(proxy.port));

  expect(await gateway.call('/pizza/1.0.0/menu')).toMatchObject({ status: 200, body: 'over tls' });
  expect(JSON.parse((await distrustful.call('/pizza/1.0.0/menu')).body)).toMatchObject({ code: '101503' });
  expect(proxy.asked[0]).toEqual({ line: `CONNECT ${backend.host}`, authorization: expect.stringMatching(/^Basic /) });
});

it.each([
  [{ except: ['127.0.*'] }, 0],
  [{ only: ['*.partner.example'] }, 0],
  [{ only: ['127.*'] }, 1],
])('with %j the proxy is asked %s times', async (changes, times) => {
  const { url } = await backendOn('127.0.0.1');
  const proxy = await startProxy();
  const gateway = await start(url, settings(proxy.port, changes));

  const answer = await gateway.call('/pizza/1.0.0/menu');

  expect(answer.body).toBe('hello');
  expect(proxy.asked).toHaveLength(times);
});

it.each([['http'], ['https']])('a proxy that refuses %s is a fault of the connection', async (scheme) => {
  const proxy = await startProxy(407);
  const gateway = await start(`${scheme}://backend.test:8080`, settings(proxy.port));

  const answer = await gateway.call('/pizza/1.0.0/menu');

  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.body)).toMatchObject({ code: '101503' });
  expect(answer.headers).not.toHaveProperty('proxy-authenticate');
});

it.each([['http'], ['https']])('a proxy that is not there is a fault of the connection for %s', async (scheme) => {
  const gateway = await start(`${scheme}://backend.test:8080`, settings(1));

  expect(JSON.parse((await gateway.call('/pizza/1.0.0/menu')).body)).toMatchObject({ code: '101503' });
});

it('a WebSocket goes through a tunnel', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  open.push({ stop: () => new Promise((resolve) => server.close(() => resolve())) });
  server.on('connection', (socket) => socket.send('welcome'));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const proxy = await startProxy();
  const gateway = await start(`http://backend.test:${port}`, settings(proxy.port));

  const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}/pizza/1.0.0/chat`);
  const said = await new Promise((resolve, reject) => {
    socket.on('message', (data) => resolve(String(data)));
    socket.on('error', reject);
  });
  socket.terminate();

  expect(said).toBe('welcome');
  expect(proxy.asked[0]?.line).toBe(`CONNECT backend.test:${port}`);
});
