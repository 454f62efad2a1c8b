import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { TraceCollector } from '../support/trace-collector.js';

const management = new Client('', () => NOBODY, server.management);

const collector = new TraceCollector();
beforeAll(() => collector.start(server.tracePort));
afterAll(() => collector.stop());

const linesOf = (prefix: string, text: string): readonly string[] => {
  const folder = join(server.dataDir, 'logs');
  return readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .filter((line) => line.includes(text));
};

it('counts calls for Prometheus, by API', async () => {
  const { api, token } = await given.subscriber({ backend: await given.backend() });
  await gateway(`${api.url}/x`, { token });
  await gateway(`${api.url}/x`);

  const text = await eventually(
    async () => String((await management.request<string>('GET /metrics')).body),
    (body) => body.includes(`api="${api.name}",version="1.0.0",organization="carbon.super",method="GET",status="4xx"`),
  );

  expect(text).toMatch(new RegExp(`apim_http_requests_total\\{api="${api.name}",.*method="GET",status="2xx"\\} [12]\n`));
  expect(text).toMatch(new RegExp(`apim_request_duration_seconds_count\\{api="${api.name}",.*\\} [2-9]`));
  expect(text).toMatch(/apim_gateway_workers\{state="listening"\} [1-9]/);
  expect(text).toMatch(/apim_feed_age_seconds [\d.]+\n/);
  expect(text).toMatch(/apim_counter_table_slots [1-9]/);
});

it('shows that a backend rests', async () => {
  const production = { url: 'http://127.0.0.1:1/resting', config: { suspendDuration: '60000', suspendErrorCode: [], factor: '1' } };
  const api = await given.publishedApi({
    with: {
      endpointConfig: { endpoint_type: 'http', production_endpoints: production },
      operations: [{ target: '/*', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' }],
    },
  });
  await gateway(`${api.url}/x`);

  await eventually(
    async () => String((await management.request<string>('GET /metrics')).body),
    (body) => body.includes('apim_endpoint_suspended{organization="carbon.super",endpoint="http://127.0.0.1:1/resting"} 1'),
  );

  expect((await management.request('GET /readyz')).body).toMatchObject({ status: 'up', backends: 'degraded' });
});

it('writes calls to the access log under the id that the client gave, and none of the credentials', async () => {
  const { api, token } = await given.subscriber({ backend: await given.backend() });
  const answer = await gateway(`${api.url}/x?apikey=s3cret`, { token, headers: { activityid: `id-${api.name}` } });

  const [line = ''] = await eventually(
    async () => linesOf('http_gw_', `id-${api.name}`),
    (found) => found.length > 0,
  );

  expect(answer.headers['activityid']).toBe(`id-${api.name}`);
  expect(JSON.parse(line)).toMatchObject({ api: api.name, status: 200, url: `${api.url}/x?apikey=***`, outcome: 'answered' });
  expect(line).not.toContain(token);
});

it('writes calls of the management port to their own log', async () => {
  await management.request('GET /healthz?access_token=s3cret&marked');

  const [line] = await eventually(
    async () => linesOf('http_access_', '&marked'),
    (found) => found.length > 0,
  );

  expect(line).toMatch(/^\S+ - - \[.+\] "GET \/healthz\?access_token=\*\*\*&marked HTTP\/1\.1" 200 /);
});

it('sends the trace that a caller began to the collector, with what the variable says of the resource', async () => {
  const backend = await given.backend();
  const { api, token } = await given.subscriber({ backend });
  const traceId = Buffer.from(api.name.padEnd(16, '0').slice(-16)).toString('hex');
  await gateway(`${api.url}/x`, { token, headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` } });

  const sent = await eventually(
    async () => collector.exports.find((text) => text.includes(traceId)) ?? '',
    (text) => text !== '',
  );

  const [{ resource, scopeSpans }] = JSON.parse(sent).resourceSpans;
  const names = scopeSpans[0].spans
    .filter((span: { traceId: string }) => span.traceId === traceId)
    .map((span: { name: string }) => span.name);
  expect(names).toEqual(
    expect.arrayContaining([
      `${api.name}--1.0.0--carbon.super`,
      'GET--/*',
      'API:Key_Validation_Latency',
      'API:Throttle_Latency',
      'API:Backend_Latency',
    ]),
  );
  expect(resource.attributes).toContainEqual({ key: 'deployment.environment.name', value: { stringValue: 'e2e' } });
});

it('explains a refusal to whoever shows a test key of the API, signed with a key that the gateway shows', async () => {
  const api = await given.publishedApi({ backend: await given.backend() });
  const { apikey } = expected(
    await given.superAdmin.publisher<{ apikey: string }>('POST /apis/{apiId}/generate-key', { path: { apiId: api.id } }),
    200,
  );

  const answer = await gateway(`${api.url}/x`, { headers: { 'X-Gateway-Explain': apikey } });

  const [header = '', payload = '', signature = ''] = (answer.headers['x-gateway-explanation'] ?? '').split('.');
  const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const { body } = await gateway<{ keys: readonly (JsonWebKey & { kid: string })[] }>('/jwks');
  const key = body.keys.find(({ kid }) => kid === decoded(header).kid);
  expect(answer.status).toBe(401);
  expect(decoded(header)).toMatchObject({ alg: 'RS256', typ: 'gateway-explanation+jwt' });
  expect(decoded(payload).steps.at(-1)).toEqual(['authenticate', 'refused 401 900902', expect.any(Number)]);
  expect(
    key &&
      verify('sha256', Buffer.from(`${header}.${payload}`), createPublicKey({ key, format: 'jwk' }), Buffer.from(signature, 'base64url')),
  ).toBe(true);
});
