import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
sockets.on('connection', (socket, request) => {
  socket.send(`${request.url} ${request.headers.authorization ?? 'no credentials'}`);
  socket.on('message', (data) => socket.send(data, { binary: false }));
});
beforeAll(() => once(sockets, 'listening'));
afterAll(() => {
  for (const client of sockets.clients) client.terminate();
  sockets.close();
});

const subscriberOf = (value: string) =>
  given.subscriber({
    backend: `http://127.0.0.1:${(sockets.address() as AddressInfo).port}`,
    with: { additionalProperties: [{ name: 'websocketUpgrades', value, display: false }] },
  });

const refusal = async (socket: WebSocket): Promise<number | undefined> => {
  socket.on('error', () => undefined);
  const [, answer] = await once(socket, 'unexpected-response');
  socket.terminate();
  return answer.statusCode;
};

it.each([
  ['ws', server.gateway],
  ['wss', server.gatewayTls],
])('an API whose property says so takes %s, with a token alone', async (_scheme, address) => {
  const { api, token } = await subscriberOf('true');
  const url = `${address.replace(/^http/, 'ws')}${api.url}/chat?room=1`;

  expect(await refusal(new WebSocket(url, { rejectUnauthorized: false }))).toBe(401);
  const socket = new WebSocket(url, { rejectUnauthorized: false, headers: { authorization: `Bearer ${token}` } });
  const [first] = await once(socket, 'message');
  socket.send('hello');
  const [second] = await once(socket, 'message');

  expect([String(first), String(second)]).toEqual(['/chat?room=1 no credentials', 'hello']);
  socket.terminate();
});

it('any other API answers in HTTP', async () => {
  const { api, token } = await subscriberOf('false');
  const url = `${server.gateway.replace(/^http/, 'ws')}${api.url}/chat`;

  const status = await refusal(new WebSocket(url, { headers: { authorization: `Bearer ${token}` } }));

  // What a WebSocket server says to a plain GET.
  expect(status).toBe(426);
});
