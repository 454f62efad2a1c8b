import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { linkDestination } from '../link.js';
import { Upstream } from './upstream.js';

const never = (): never => {
  throw new Error('nothing is forwarded here');
};
const answering = {
  begin: never,
  refuse: never,
  explain: never,
  upgraded: never,
  fail: never,
  reroute: never,
  reauthorize: never,
};
const settings = {
  connectTimeoutMs: 2_000,
  connectionsPerBackend: 1,
  headerBytesMax: 8_192,
  mediatedBodyBytesMax: 1_000,
  backendHttp2: false,
  proxy: null,
};

let connections = 0;
const server = createServer((_request, reply) => reply.end('hello'));
server.on('connection', () => {
  connections += 1;
});
let url: string;
let upstream: Upstream;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  connections = 0;
  upstream = new Upstream(settings, answering, { contextFor: () => undefined });
});
afterEach(() => upstream.destroy());
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = async (isGuarded: boolean): Promise<void> => {
  const document = { url, onTimeout: 'fault' as const, timeoutMs: null };
  const endpoint = linkDestination('carbon.super', document, {
    awsLambdaUrl: '',
    upstreamTimeoutMs: 2_000,
    isGuarded,
    retriesWithNewToken: true,
    awsStsUrl: '',
    warn: () => undefined,
  });
  if (!('poolKey' in endpoint)) throw new Error('one address is one endpoint');
  await upstream.ask(endpoint, { method: 'GET', rest: '/x', headers: [], body: null }, new AbortController().signal);
};

it.each([
  ['that an API has stay', false, true, 1],
  ['that no API has are let go of', false, false, 2],
  ['that a policy has named meanwhile stay', true, false, 1],
])('connections %s', async (_what, isGuarded, isKnown, expected) => {
  await ask(isGuarded);

  upstream.retain(new Set(isKnown ? [url] : []));
  await ask(isGuarded);

  expect(connections).toBe(expected);
});

it('connections that no policy has named for a while are let go of', async () => {
  await ask(true);

  upstream.retain(new Set());
  upstream.retain(new Set());
  await ask(true);

  expect(connections).toBe(2);
});
