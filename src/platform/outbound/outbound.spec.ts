import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApimConfig } from '../config/sections/apim.config.js';
import { Outbound, OutboundError, OutboundTooLarge } from './outbound.js';

let server: Server;
let port: number;
/** What reached the server, with the key it was sent. */
let seen: (readonly (string | undefined)[])[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push([request.method, request.headers.host, request.url, request.headers['x-api-key']?.toString(), request.headers.accept]);
    if (request.url === '/elsewhere') response.writeHead(302, { location: `http://localhost:${port}/` });
    if (request.url === '/metadata') response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' });
    const [, hop] = /^\/hop\/(\d+)$/.exec(request.url ?? '') ?? [];
    if (hop !== undefined) response.writeHead(302, { location: `/hop/${Number(hop) + 1}` });
    response.end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo); // listening on a TCP port
});
beforeEach(() => {
  seen = [];
});
afterAll(() => server.close());

const outbound = (settings: Partial<ApimConfig['outbound']> = {}): Outbound => {
  const config = new ApimConfig();
  return new Outbound(Object.assign(config, { outbound: { ...config.outbound, ...settings } }));
};
const text = async (from: Outbound, address: string): Promise<string> => (await from.get(address, 100)).body.toString();

it('fetches from the network around it unless told otherwise', async () => {
  const fetched = await text(outbound(), `http://127.0.0.1:${port}/`);

  expect(fetched).toBe('hello');
});

it.each([
  'http://169.254.169.254/latest/meta-data/',
  'http://[fe80::1]/',
  'http://[::ffff:169.254.169.254]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://100.100.100.200/',
  'http://0.0.0.0/',
  // The same address as one number.
  'http://2852039166/',
])('never fetches %s, not even when its host is allowed', async (address) => {
  const fetched = text(outbound({ allowedHosts: [new URL(address).hostname] }), address);

  await expect(fetched).rejects.toThrow(/network that is not fetched from/);
});

it('does not follow a redirect to a refused network', async () => {
  const fetched = text(outbound(), `http://127.0.0.1:${port}/metadata`);

  await expect(fetched).rejects.toThrow(/network that is not fetched from/);
});

it.each(['127.0.0.1', 'localhost'])('refuses %s when its network is refused by configuration', async (host) => {
  const fetched = text(outbound({ refusedNetworks: ['127.0.0.0/8', '::1/128'] }), `http://${host}:${port}/`);

  await expect(fetched).rejects.toThrow(`${host} is on a network that is not fetched from`);
});

it('lets a named host through a network that is refused by configuration', async () => {
  const fetched = await text(outbound({ refusedNetworks: ['127.0.0.0/8'], allowedHosts: ['127.0.0.1'] }), `http://127.0.0.1:${port}/`);

  expect(fetched).toBe('hello');
});

it('takes no key along to another host', async () => {
  await outbound().get(`http://127.0.0.1:${port}/elsewhere`, 100, { accept: 'text/plain', 'X-Api-Key': 'secret' });

  expect(seen).toEqual([
    ['GET', `127.0.0.1:${port}`, '/elsewhere', 'secret', 'text/plain'],
    ['GET', `localhost:${port}`, '/', undefined, 'text/plain'],
  ]);
});

it.each(['POST', 'PUT'] as const)('follows no redirect with %s, not even without a body', async (method) => {
  const { status } = await outbound().send(`http://127.0.0.1:${port}/elsewhere`, { method }, 100);

  expect([status, seen.length]).toEqual([302, 1]);
});

it('gives up after a few redirects', async () => {
  const { status } = await outbound().get(`http://127.0.0.1:${port}/hop/1`, 100);

  expect(status).toBe(302);
});

it('stops reading at the limit', async () => {
  const fetched = outbound().get(`http://127.0.0.1:${port}/`, 3);

  await expect(fetched).rejects.toThrow(OutboundTooLarge);
});

it.each(['file:///etc/passwd', 'gopher://127.0.0.1/', 'not a url'])('does not fetch %s', async (address) => {
  await expect(text(outbound(), address)).rejects.toThrow(OutboundError);
});
