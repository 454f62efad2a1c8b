import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApimConfig } from '../config/sections/apim.config.js';
import { ProxyConfig } from '../config/sections/proxy.config.js';
import { Outbound } from './outbound.js';

const seen: { line: string; authorization: string | undefined }[] = [];
const proxy = createServer((request, reply) => {
  note(request);
  if (request.url?.endsWith('/moved')) reply.writeHead(302, { location: 'http://other.test/there' });
  reply.end('from the proxy');
});
const note = ({ method, url, headers }: IncomingMessage) =>
  seen.push({ line: `${method} ${url}`, authorization: headers['proxy-authorization'] });
proxy.on('connect', (request, socket) => {
  note(request);
  socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
});
beforeAll(() => new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve)));
afterAll(() => {
  proxy.close();
});
beforeEach(() => {
  seen.length = 0;
});

const outbound = (changes: Partial<ProxyConfig> = {}) => {
  const { port } = proxy.address() as AddressInfo;
  const proxyConfig = Object.assign(new ProxyConfig(), { enable: true, host: '127.0.0.1', port, ...changes });
  return new Outbound(Object.assign(new ApimConfig(), { proxyConfig }));
};

it('asks the proxy for what is not its own exception', async () => {
  const fetched = await outbound({ username: 'me', password: 'x' }).get('http://backend.test/definition', 1_000);

  expect(fetched.body.toString()).toBe('from the proxy');
  expect(seen).toEqual([{ line: 'GET http://backend.test/definition', authorization: `Basic ${Buffer.from('me:x').toString('base64')}` }]);
});

it('follows a redirect through it', async () => {
  await outbound().get('http://backend.test/moved', 1_000);

  expect(seen.map(({ line }) => line)).toEqual(['GET http://backend.test/moved', 'GET http://other.test/there']);
});

it('asks for a tunnel over TLS, and says when there is none', async () => {
  await expect(outbound().get('https://backend.test/definition', 1_000)).rejects.toThrow('could not be fetched');

  expect(seen.map(({ line }) => line)).toEqual(['CONNECT backend.test:443']);
});

it('reaches exceptions directly', async () => {
  const { port } = proxy.address() as AddressInfo;

  await outbound({ nonProxyHosts: '127.0.0.1' }).get(`http://127.0.0.1:${port}/direct`, 1_000);

  expect(seen.map(({ line }) => line)).toEqual(['GET /direct']);
});

it('refuses networks that nothing is fetched from, proxy or not', async () => {
  await expect(outbound().get('http://169.254.169.254/latest', 1_000)).rejects.toThrow('network that is not fetched from');

  expect(seen).toEqual([]);
});
