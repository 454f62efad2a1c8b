import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { type Answer, apiRow, operation, row, Signer, subscriber, TestGateway } from './engine.fixture.js';

const signer = new Signer('key-a');
const OPERATIONS = [operation('GET', '/*')];
const cleanups: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A backend over TLS whose certificate nobody signed but itself. */
const secureBackend = async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const server = createServer({ cert, key }, (_request, reply) => reply.end('secure'));
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  cleanups.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return { url: `https://localhost:${port}`, server: `localhost:${port}`, pem: cert };
};

const gatewayTo = async (url: string, ...rows: ReturnType<typeof row>[]): Promise<TestGateway> => {
  const gateway = await TestGateway.start([...rows, ...subscriber(signer), apiRow(url, { operations: OPERATIONS })]);
  cleanups.push(() => gateway.stop());
  return gateway;
};
const call = (gateway: TestGateway): Promise<Answer> =>
  gateway.call('/pizza/1.0.0/x', { headers: { Authorization: `Bearer ${signer.token()}` } });
const codeOf = ({ body }: Answer): unknown => JSON.parse(body).code;

it('does not trust a backend that nobody knows', async () => {
  const answer = await call(await gatewayTo((await secureBackend()).url));

  expect(answer.status).toBe(500);
  expect(codeOf(answer)).toBe('101503');
});

it.each([
  ['its host and port', (server: string) => server],
  ['its host', (server: string) => server.replace(/:\d+$/, '')],
])('trusts a backend by a certificate for %s, from when it comes until it goes', async (_case, serverOf) => {
  const backend = await secureBackend();
  const gateway = await gatewayTo(backend.url);
  expect(codeOf(await call(gateway))).toBe('101503');

  gateway.engine.apply([row('endpoint-certificate', 'one', { server: serverOf(backend.server), pem: backend.pem })]);
  expect((await call(gateway)).body).toBe('secure');

  gateway.engine.apply([row('endpoint-certificate', 'one', null)]);
  expect(codeOf(await call(gateway))).toBe('101503');
});

it.each([
  ['another port', 'carbon.super', (server: string) => `${server}1`],
  ['another host', 'carbon.super', (server: string) => `x${server}`],
  ['another tenant', 'other.example', (server: string) => server],
])('does not trust a backend by a certificate of %s', async (_case, organization, serverOf) => {
  const backend = await secureBackend();
  const known = row('endpoint-certificate', 'one', { server: serverOf(backend.server), pem: backend.pem }, organization);

  expect(codeOf(await call(await gatewayTo(backend.url, known)))).toBe('101503');
});

it('goes on when a certificate cannot be read', async () => {
  const backend = await secureBackend();
  const gateway = await gatewayTo(backend.url, row('endpoint-certificate', 'bad', { server: backend.server, pem: 'nonsense' }));

  expect((await call(gateway)).status).toBe(500);
});
