import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const open: Server[] = [];
afterAll(() => {
  for (const each of open) each.close();
});

/** A backend that speaks raw TCP, so that it can misbehave. */
const rawBackend = async (onConnection: (socket: Socket) => void): Promise<string> => {
  const raw = createServer((socket) => {
    socket.on('error', () => undefined); // a reset by the gateway is what some of these tests are about
    onConnection(socket);
  });
  open.push(raw);
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(raw.address() as AddressInfo).port}`; // it listens on TCP
};

const closedPort = async (): Promise<string> => {
  const url = await rawBackend(() => undefined);
  await new Promise((resolve) => open.pop()?.close(resolve));
  return url;
};

const openApi = (backend: string, config?: object) =>
  given.publishedApi({
    with: {
      endpointConfig: { endpoint_type: 'http', production_endpoints: { url: backend, ...(config && { config }) } },
      operations: ['GET', 'POST'].map((verb) => ({ target: '/*', verb, authType: 'None', throttlingPolicy: 'Unlimited' })),
    },
  });

const fault = (description: unknown = expect.any(String)) => ({ type: 'Status report', message: 'Runtime Error', description });

it.each<[string, (socket: Socket) => void, RegExp]>([
  ['resets the connection', (socket) => socket.once('data', () => socket.resetAndDestroy()), /^101\d{3}$/],
  ['closes without a word', (socket) => socket.once('data', () => socket.end()), /^101\d{3}$/],
  ['answers garbage', (socket) => socket.once('data', () => socket.end('what is HTTP?\r\n\r\n')), /^101\d{3}$/],
])('a backend that %s is a fault of 500 with its code', async (_, behave, code) => {
  const api = await openApi(await rawBackend(behave));

  const answer = await gateway(`${api.url}/x`, { method: 'POST', raw: 'body', headers: { 'content-type': 'text/plain' } });

  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: expect.stringMatching(code), ...fault() });
});

it('a backend that refuses connections is 101503', async () => {
  const api = await openApi(await closedPort());

  const answer = await gateway(`${api.url}/x`);

  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: '101503', ...fault() });
});

it('a backend that stalls is given up after the time the API allows', async () => {
  const api = await openApi(await rawBackend(() => undefined), { actionDuration: '300', actionSelect: 'fault' });
  const began = Date.now();

  const answer = await gateway(`${api.url}/x`);

  expect(answer.status).toBe(500);
  expect(answer.body).toMatchObject({ code: expect.stringMatching(/^1015(04|07)$/), ...fault() });
  expect(Date.now() - began).toBeLessThan(5_000);
});

it('a client that hangs up in the middle takes the backend request with it', async () => {
  let dropped = false;
  const reached = new Promise<void>((resolve) => {
    void rawBackend((socket) => {
      socket.once('data', () => resolve());
      socket.once('close', () => {
        dropped = true;
      });
    }).then(async (backend) => {
      const api = await openApi(backend);
      const client = connect(Number(new URL(server.gateway).port), '127.0.0.1');
      client.write(`POST ${api.url}/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf of it`);
      await reached;
      client.destroy();
    });
  });
  await reached;

  await eventually(async () => dropped, Boolean);

  expect((await gateway('/')).status).toBe(200);
});

it('a header block over the limit is refused and harms nobody', async () => {
  const api = await openApi((await given.backend()).url);

  const answer = await gateway(`${api.url}/x`, { headers: { 'x-large': 'x'.repeat(40_000) } });

  expect(answer.status).toBe(431);
  expect((await gateway(`${api.url}/x`)).status).toBe(200);
});

it('a request that is no HTTP is 400 and harms nobody', async () => {
  const answer = await new Promise<string>((resolve) => {
    const client = connect(Number(new URL(server.gateway).port), '127.0.0.1', () => client.write('what is HTTP?\r\n\r\n'));
    let text = '';
    client.on('data', (chunk) => {
      text += chunk.toString();
    });
    client.once('close', () => resolve(text));
  });

  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
});

it('answers of several megabytes arrive whole', async () => {
  const text = 'y'.repeat(5_000_000);
  const api = await openApi((await given.backend((_, response) => response.setHeader('content-type', 'text/plain').end(text))).url);

  expect((await gateway<string>(`${api.url}/x`)).body).toBe(text);
});
