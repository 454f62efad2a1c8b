import { apiRow, operation, startBackend, type TestBackend, TestGateway } from './engine.fixture.js';

const OPEN = { authType: 'None' as const };
const written = (script: string) => ({ ...OPEN, mock: { usual: '501', responses: {}, script } });
const setHeader = (headerName: string, headerValue: string) => ({
  name: 'addHeader',
  version: 'v3',
  isBuiltIn: true,
  parameters: { headerName, headerValue },
});
const SCRIPTS: Readonly<Record<string, string>> = {
  json: "mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON({ name: 'Rex' });",
  plain: "mc.setPayloadXML('<pet><name>Rex</name></pet>');",
  status: "mc.setProperty('HTTP_SC', 418); mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON('[1]');",
  converted: "mc.setPayloadJSON({ name: 'Rex' });",
  turned: "mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadXML('<name>Rex</name>');",
  headers: "mc.setProperty('X-Pet', 'Rex', 'transport'); mc.setProperty('Content-Length', '1', 'transport');",
  silent: 'mc.setPayloadJSON({}); false',
  thrown: 'throw new Error("no such pet")',
  broken: "mc.setPayloadXML('<pet>')",
  smuggled: "mc.setProperty('X-A', 'a\\r\\nX-B: b', 'transport')",
  typed: "mc.setProperty('CONTENT_TYPE', 'a\\r\\nX-B: b'); mc.setPayloadJSON({})",
  'pets/{id}':
    "mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON({ id: mc.getProperty('uri.var.id'), size: mc.getProperty('query.param.size'), none: mc.getProperty('query.param.none') });",
  loops: 'for (;;);',
  backtracks: "/(a+)+$/.test('a'.repeat(40) + 'b')",
  allocates: "var list = []; for (;;) list.push('x'.repeat(1e6) + list.length)",
};

let gateway: TestGateway;
let backend: TestBackend;
beforeAll(async () => {
  backend = await startBackend();
  const policies = { request: [], response: [setHeader('X-Passed', 'yes')], fault: [] };
  gateway = await TestGateway.start([
    apiRow('', {
      isMock: true,
      policies,
      endpoints: { production: null, sandbox: null },
      operations: [
        ...Object.entries(SCRIPTS).map(([name, script]) => operation('GET', `/${name}`, written(script))),
        operation(
          'POST',
          '/echo',
          written(
            "var body = mc.getPayloadJSON(); body.seen = mc.getProperty('REST_METHOD'); mc.setProperty('CONTENT_TYPE', 'application/json'); mc.setPayloadJSON(body);",
          ),
        ),
      ],
    }),
    apiRow(backend.url, {
      apiId: 'other',
      name: 'Other',
      context: '/other',
      path: '/other/1.0.0',
      operations: [operation('GET', '/x', OPEN)],
    }),
  ]);
  await gateway.call('/pizza/1.0.0/json');
});
afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const call = (path: string) => gateway.call(`/pizza/1.0.0${path}`);

it.each([
  ['/json', 200, 'application/json', '{"name":"Rex"}'],
  ['/plain', 200, 'application/xml', '<pet><name>Rex</name></pet>'],
  ['/status', 418, 'application/json', '[1]'],
  ['/converted', 200, 'application/xml', '<jsonObject><name>Rex</name></jsonObject>'],
  ['/turned', 200, 'application/json', '{"name":"Rex"}'],
  ['/pets/a%20b?size=1&size=2', 200, 'application/json', '{"id":"a b","size":"1&2","none":null}'],
  ['/silent', 202, undefined, ''],
  ['/headers', 200, undefined, ''],
])('answers %s as its script says', async (path, status, type, body) => {
  const answer = await call(path);

  expect([answer.status, answer.headers['content-type'], answer.body]).toEqual([status, type, body]);
  expect(answer.headers['x-passed']).toBe('yes');
});

it('gives the script the body of the request, and sends its headers', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const echoed = await gateway.call('/pizza/1.0.0/echo', { method: 'POST', headers, body: '{"a":1}' });
  const { headers: sent } = await call('/headers');

  expect(echoed.body).toBe('{"a":1,"seen":"POST"}');
  expect([sent['x-pet'], sent['content-length']]).toEqual(['Rex', '0']);
});

it.each(['/thrown', '/broken', '/smuggled', '/typed'])('answers %s with a fault and tells the log why', async (path) => {
  const answer = await call(path);

  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    500,
    expect.objectContaining({ type: 'Status report', message: 'Runtime Error' }),
  ]);
  expect(answer.headers['x-b']).toBeUndefined();
  expect(answer.body).not.toContain('pet');
  expect(gateway.messages).toContainEqual(
    expect.objectContaining({ type: 'policy-log', text: expect.stringContaining(`The mock of ${path} failed.`) }),
  );
});

it('serves other requests while scripts that take too much are cut off again and again', async () => {
  const hostile = Array.from({ length: 30 }, (_, index) => call(['/loops', '/backtracks', '/allocates'][index % 3] ?? ''));
  const started = performance.now();

  const others = await Promise.all(Array.from({ length: 10 }, () => gateway.call('/other/1.0.0/x')));
  const elapsed = performance.now() - started;

  expect(others.map(({ status, body }) => `${status} ${body}`)).toEqual(Array(10).fill('200 hello'));
  expect((await Promise.all(hostile)).map(({ status }) => status)).toEqual(Array(30).fill(500));
  expect(elapsed).toBeLessThan(2_000);
  expect((await call('/json')).body).toBe('{"name":"Rex"}');
});
