import { connect } from 'node:net';
import { apiRow, operation, startBackend, type TestBackend, TestGateway } from './engine.fixture.js';

let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
  gateway = await TestGateway.start([
    apiRow(backend.url, {
      operations: [operation('GET', '/open', { authType: 'None' }), operation('GET', '/{other}', { authType: 'None' })],
    }),
  ]);
});

afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const raw = (text: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

it.each([
  ['a header block over the limit', `GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(9_000)}\r\n\r\n`, 431],
  ['many small headers over the limit', `GET /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\n${'A: 12345\r\n'.repeat(3_000)}\r\n`, 431],
  ['no HTTP', 'hello\r\n\r\n', 400],
  ['two lengths', 'POST /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 400],
  [
    'a length and chunks',
    'POST /pizza/1.0.0/open HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
  ],
])('refuses %s in its own shape', async (_case, text, code) => {
  const answer = await raw(text);

  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${code} `));
  expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))).toMatchObject({ code: String(code), type: 'Status report' });
  expect((await gateway.call('/pizza/1.0.0/open')).status).toBe(200);
});

it('takes a request that names the whole URL', async () => {
  expect(await raw(`GET http://any/pizza/1.0.0/open HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
});

it('reads a target up to its fragment, and so does the backend', async () => {
  await raw('GET /pizza/1.0.0/open#x HTTP/1.1\r\nHost: any\r\nConnection: close\r\n\r\n');

  expect(backend.seen.at(-1)?.url).toBe('/open');
});
