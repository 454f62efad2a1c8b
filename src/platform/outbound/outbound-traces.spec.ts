import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApimConfig } from '../config/sections/apim.config.js';
import { ActiveTrace, withTrace } from '../tracing/active-trace.js';
import type { Span } from '../tracing/span.js';
import { Outbound, OutboundError } from './outbound.js';

let server: Server;
let url: string;
let seen: IncomingHttpHeaders[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push(request.headers);
    response.writeHead(request.url?.startsWith('/gone') ? 404 : 200).end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
});
beforeEach(() => {
  seen = [];
});
afterAll(() => server.close());

const outbound = new Outbound(new ApimConfig());
const json = { method: 'POST', json: {} } as const;

/** The spans of a traced request that does this. */
const traced = async (work: () => Promise<unknown>): Promise<readonly Span[]> => {
  const exported: Span[] = [];
  const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
  const trace = new ActiveTrace(parent, 'shop=1', (spans) => exported.push(...spans()));
  await withTrace(trace, work);
  trace.end('POST', 'server', {}, false);
  return exported;
};

it('is a span that the other system continues, without path and query', async () => {
  const [root, call] = await traced(() => outbound.send(`${url}/hooks/s3cret?key=s3cret`, json, 100));

  expect(seen[0]).toMatchObject({ traceparent: `00-${'a'.repeat(32)}-${call?.spanId}-01`, tracestate: 'shop=1' });
  expect(call).toMatchObject({
    name: 'POST',
    kind: 'client',
    parentId: root?.spanId,
    attributes: { 'http.request.method': 'POST', 'server.address': '127.0.0.1', 'http.response.status_code': 200 },
    isError: false,
  });
  expect(JSON.stringify(call)).not.toContain('s3cret');
});

it('tells nothing to whom somebody’s address leads', async () => {
  const spans = await traced(async () => [await outbound.get(`${url}/definition`, 100), await outbound.head(url)]);

  expect(seen.map(({ traceparent }) => traceparent)).toEqual([undefined, undefined]);
  expect(spans.slice(1).map(({ name }) => name)).toEqual(['GET', 'HEAD']);
});

it('is in error where the other system refuses, or is not there', async () => {
  const spans = await traced(async () => {
    await outbound.send(`${url}/gone`, json, 100);
    await expect(outbound.send('http://127.0.0.1:1/', json, 100)).rejects.toThrow(OutboundError);
  });

  expect(spans.slice(1).map(({ isError, attributes }) => [isError, attributes['http.response.status_code']])).toEqual([
    [true, 404],
    [true, undefined],
  ]);
});

it('says nothing of work that is not traced', async () => {
  await outbound.send(url, json, 100);

  expect(seen[0]).not.toHaveProperty('traceparent');
});
