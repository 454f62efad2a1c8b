import { startBackend, type TestBackend } from './engine.fixture.js';
import { builtIn, type Flows, SequenceGateway, written } from './sequences.fixture.js';

/** `reference/mediation.md` §2.3 and §10: what becomes of a request, an answer and a fault. */
let gateway: SequenceGateway;
let other: TestBackend;

beforeAll(async () => {
  other = await startBackend((_, reply) =>
    reply.writeHead(201, { 'Content-Type': 'application/json', 'X-Other': 'yes' }).end('{"from":"other"}'),
  );
});
afterAll(() => other.stop());
afterEach(() => gateway?.stop());

const start = async (flows: Flows, answer?: Parameters<typeof startBackend>[0]) => {
  gateway = await SequenceGateway.start({ '/a': flows }, answer);
};

const MAKE = '<payloadFactory media-type="json"><format>{"made":"here"}</format><args/></payloadFactory>';
const SEEN = '<property name="X-Response-Policy" value="ran" scope="transport"/>';
const DEAD = 'http://127.0.0.1:1';

describe('a request', () => {
  it('goes on with what its policies have changed', async () => {
    await start({
      request: `${MAKE}<property name="X-New" value="v" scope="transport"/><property name="HTTP_METHOD" value="PUT" scope="axis2"/><property name="REST_URL_POSTFIX" value="/b?c=d" scope="axis2"/>`,
    });

    await gateway.post('/a', '{"sent":1}');

    expect(gateway.seen).toMatchObject({ method: 'PUT', url: '/b?c=d', body: '{"made":"here"}' });
    expect(gateway.seen.headers).toMatchObject({ 'x-new': 'v', 'content-type': 'application/json', 'content-length': '15' });
  });

  it('keeps its body to the byte where no policy touches it', async () => {
    await start({
      request: '<property name="p" expression="json-eval($.a)"/><property name="X-A" expression="$ctx:p" scope="transport"/>',
    });

    await gateway.post('/a', '{ "a" : 1.50 }');

    expect([gateway.seen.body, gateway.seen.headers['x-a']]).toEqual(['{ "a" : 1.50 }', '1.5']);
  });

  it.each(['GET', 'POST', 'PUT', 'DELETE'])('by %s with an empty body and a JSON type passes a policy that reads JSON', async (method) => {
    await start({ request: '<property name="pw" expression="json-eval($.password)"/>' });

    const { status } = await gateway.call('/a', { method, headers: { 'Content-Type': 'application/json' } });

    expect([status, gateway.seen.body]).toEqual([200, '']);
  });

  it('whose body is not what it says is a fault 601000', async () => {
    await start({ request: '<property name="p" expression="json-eval($.a)"/>' });

    const { status, body } = await gateway.post('/a', '{"a":');

    expect([status, JSON.parse(body)]).toEqual([500, expect.objectContaining({ code: '601000', message: 'Runtime Error' })]);
    expect(gateway.backend.seen).toEqual([]);
  });

  it.each([
    ['respond', `${MAKE}<property name="X-Set" value="v" scope="transport"/><respond/>`, 200, '{"made":"here"}', undefined],
    ['loopback', `${MAKE}<property name="X-Set" value="v" scope="transport"/><loopback/>`, 200, '{"made":"here"}', 'ran'],
    [
      'the old idiom of send',
      `${MAKE}<property name="X-Set" value="v" scope="transport"/><property name="RESPONSE" value="true"/><header name="To" action="remove"/><send/><drop/>`,
      200,
      '{"made":"here"}',
      undefined,
    ],
    [
      'a status of its own',
      `${MAKE}<property name="X-Set" value="v" scope="transport"/><property name="HTTP_SC" value="418" scope="axis2"/><respond/>`,
      418,
      '{"made":"here"}',
      undefined,
    ],
  ])('is answered by %s', async (_, request, status, body, ran) => {
    await start({ request, response: SEEN });

    const answer = await gateway.call('/a', { headers: { 'X-Client': 'secret' } });

    expect([answer.status, answer.body, answer.headers['x-response-policy'], answer.headers['x-set']]).toEqual([status, body, ran, 'v']);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(answer.headers).not.toHaveProperty('x-client');
    expect(gateway.backend.seen).toEqual([]);
  });

  it.each([
    ['drop', '<drop/>'],
    ['a script that returns false', '<script language="js">false</script>'],
  ])('is accepted and goes nowhere after %s', async (_, request) => {
    await start({ request: `${request}<property name="X-A" value="b" scope="transport"/>`, response: SEEN });

    const { status, body } = await gateway.call('/a');

    expect([status, body, gateway.backend.seen.length]).toEqual([202, '', 0]);
  });

  it('is sent elsewhere by send with an endpoint; the policies after it do not run, those of responses do', async () => {
    const send = `<send><endpoint><address uri="${other.url}/base"/></endpoint></send>`;
    await start({ request: [written(send), builtIn('addHeader', 'v3', { headerName: 'X-After', headerValue: 'v' })], response: SEEN });

    const { status, body, headers } = await gateway.call('/a?x=1');

    expect([status, body, headers['x-response-policy'], headers['x-other']]).toEqual([201, '{"from":"other"}', 'ran', 'yes']);
    expect([other.seen.at(-1)?.url, other.seen.at(-1)?.headers['x-after'], gateway.backend.seen.length]).toEqual([
      '/base/a?x=1',
      undefined,
      0,
    ]);
  });

  it('is stopped in the middle of nested sequences', async () => {
    await start({
      request: `<sequence name="outer"><filter source="'a'" regex="a"><then><respond/></then></filter><property name="X" value="y" scope="transport"/></sequence><drop/>`,
    });

    expect((await gateway.post('/a', 'hi', 'text/plain')).body).toBe('hi');
  });
});

it.each([
  ['', 500],
  ['<property name="FAULTS_AS_HTTP_200" value="true" scope="axis2"/>', 200],
])('a SOAP fault made with %p leaves with %i', async (property, status) => {
  const code = '<code xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" value="s:Client"/>';
  await start({ request: `<makefault response="true">${code}<reason value="r"/></makefault>${property}<respond/>` });

  const answer = await gateway.call('/a');

  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'text/xml']);
  expect(answer.body).toContain('<faultcode>soapenv:Client</faultcode>');
});

it('binds the variables of the path, decoded, and sends them to an endpoint encoded', async () => {
  const request = `<property name="X-Id" expression="$ctx:uri.var.petId" scope="transport"/><property name="X-Kind" expression="$ctx:uri.var.kind" scope="transport"/><send><endpoint><http method="POST" uri-template="${other.url}/z/{uri.var.petId}?q={query.param.q}&amp;raw={+uri.var.kind}"/></endpoint></send>`;
  gateway = await SequenceGateway.start({ '/pets/{petId}/file.{kind}': { request } });

  await gateway.call('/pets/a%20b/file.json?q=x%26y');

  expect(other.seen.at(-1)).toMatchObject({ method: 'POST', url: '/z/a%20b?q=x%26y&raw=json' });
  expect(other.seen.at(-1)?.headers).toMatchObject({ 'x-id': 'a b', 'x-kind': 'json' });
});

it('shows policies what the client has asked for, whatever was changed before, and never its API key', async () => {
  const shown = ['$ctx:REST_FULL_REQUEST_PATH', '$ctx:REST_SUB_REQUEST_PATH', '$ctx:uri.var.id', '$ctx:To', '$ctx:query.param.apikey'];
  const response = shown.map((expression, index) => `<property name="X-${index}" expression="${expression}" scope="transport"/>`).join('');
  const request = [builtIn('rewriteResourcePath', 'v3', { newResourcePath: '/other' })];
  gateway = await SequenceGateway.start({ '/a/{id}': { request, response } });

  const { headers } = await gateway.call('/a/7?apikey=secret&x=y');

  expect(gateway.seen.url).toBe('/other');
  expect([0, 1, 2, 3, 4].map((index) => headers[`x-${index}`])).toEqual([
    '/pizza/1.0.0/a/7?x=y',
    '/a/7?x=y',
    '7',
    '/pizza/1.0.0/a/7?x=y',
    '',
  ]);
});

describe('an answer', () => {
  it('is changed by its policies, which know what the request’s have set', async () => {
    await start(
      {
        request: '<property name="mine" value="kept"/><property name="ContentType" value="text/odd" scope="axis2"/>',
        response: `<property name="X-Mine" expression="$ctx:mine" scope="transport"/><property name="X-Status" expression="$axis2:HTTP_SC" scope="transport"/><property name="HTTP_SC" value="203" scope="axis2"/>${MAKE}`,
      },
      (_, reply) => reply.writeHead(404, { 'Content-Type': 'application/json' }).end('{"old":1}'),
    );

    const { status, headers, body } = await gateway.call('/a');

    expect([status, headers['x-mine'], headers['x-status'], body, headers['content-length']]).toEqual([
      203,
      'kept',
      '404',
      '{"made":"here"}',
      '15',
    ]);
  });

  it.each([
    ['respond', 200, 'hello'],
    ['loopback', 200, 'hello'],
    ['send', 200, 'hello'],
    ['drop', 202, ''],
  ])('ends its flow with %s', async (mediator, status, body) => {
    await start({ response: `<${mediator}/><property name="X-After" value="v" scope="transport"/>` });

    const answer = await gateway.call('/a');

    expect([answer.status, answer.body, answer.headers['x-after']]).toEqual([status, body, undefined]);
  });

  it.each([
    ['that streams', ''],
    ['that is taken in', MAKE],
  ])('%s has no body once its status is 204', async (_, mediators) => {
    await start({ response: `${mediators}<property name="HTTP_SC" value="204" scope="axis2"/>` }, (_request, reply) =>
      reply.writeHead(200, { 'Content-Length': '5' }).end('hello'),
    );

    const { status, headers, body } = await gateway.call('/a');

    expect([status, headers['content-length'], body]).toEqual([204, undefined, '']);
  });

  it('streams past policies that do not read it', async () => {
    await start({ response: '<property name="X-A" value="b" scope="transport"/>' }, (_, reply) => {
      reply.write('one,');
      setTimeout(() => reply.end('two'), 20);
    });

    const { headers, body } = await gateway.call('/a');

    expect([headers['x-a'], headers['transfer-encoding'], body]).toEqual(['b', 'chunked', 'one,two']);
  });

  it('whose policy fails is a fault', async () => {
    await start({ response: '<throwError type="X1" errorMessage="no good"/>' });

    const { status, body } = await gateway.call('/a');

    expect([status, JSON.parse(body)]).toEqual([
      500,
      { code: 'X1', type: 'Status report', message: 'Runtime Error', description: 'no good' },
    ]);
  });
});

describe('a fault', () => {
  const TELL =
    '<payloadFactory media-type="json"><format>{"code":"$1","text":"$2"}</format><args><arg expression="$ctx:ERROR_CODE"/><arg expression="$ctx:ERROR_MESSAGE"/></args></payloadFactory>';
  const THROW = '<throwError type="MINE" errorMessage="told so"/>';

  it.each([
    ['respond', `${TELL}<property name="HTTP_SC" value="503" scope="axis2"/><respond/>`, 503, { code: 'MINE', text: 'told so' }],
    ['send', `${TELL}<send/>`, 500, { code: 'MINE', text: 'told so' }],
    [
      'its end, with the gateway’s own body',
      TELL,
      500,
      { code: 'MINE', type: 'Status report', message: 'Runtime Error', description: 'told so' },
    ],
    [
      'its end, with another status and text',
      '<property name="CUSTOM_HTTP_SC" value="409"/><property name="ERROR_MESSAGE" value="other"/>',
      409,
      { code: 'MINE', type: 'Status report', message: 'Runtime Error', description: 'other' },
    ],
    [
      'a failure of its own',
      '<throwError type="AGAIN" errorMessage="x"/>',
      500,
      { code: 'AGAIN', type: 'Status report', message: 'Runtime Error', description: 'x' },
    ],
  ])('is answered by %s', async (_, fault, status, body) => {
    await start({ request: THROW, fault });

    const answer = await gateway.call('/a', { headers: { 'X-Client': 'secret' } });

    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, body]);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(answer.headers).not.toHaveProperty('x-client');
  });

  it('is dropped by drop', async () => {
    await start({ request: THROW, fault: '<drop/>' });

    const { status, body } = await gateway.call('/a');

    expect([status, body]).toEqual([202, '']);
  });

  it('of a backend that cannot be reached has its code, and the headers of the request can be read', async () => {
    const fault = `<property name="X-Seen" expression="$trp:X-Client" scope="transport"/>${TELL}<respond/>`;
    gateway = await SequenceGateway.start({ '/a': { fault } }, undefined, () => ({
      endpoints: { production: { url: DEAD, onTimeout: 'fault', timeoutMs: null }, sandbox: null },
    }));

    const { status, headers, body } = await gateway.call('/a', { headers: { 'X-Client': 'c' } });

    expect([status, headers['x-seen'], JSON.parse(body)]).toEqual([500, 'c', { code: '101503', text: 'Error connecting to the back end' }]);
  });
});

describe('an API whose target its policies say', () => {
  const dynamic = () => ({ endpoints: { production: null, sandbox: null, isDynamic: true as const } });
  const TO = (url: string) => `<property name="service_ep" value="${url}"/><header name="To" expression="get-property('service_ep')"/>`;

  it('calls that target, with the rest of the path joined', async () => {
    gateway = await SequenceGateway.start({ '/a': { request: TO(`${other.url}/base/`) } }, undefined, dynamic);

    const { status } = await gateway.call('/a?b=c');

    expect([status, other.seen.at(-1)?.url]).toEqual([201, '/base/a?b=c']);
  });

  it('does so by the shipped policy, too', async () => {
    gateway = await SequenceGateway.start({ '/a': { request: [builtIn('setToHeader', 'v2', { value: other.url })] } }, undefined, dynamic);

    expect((await gateway.call('/a')).status).toBe(201);
  });

  it.each([
    ['without one', '<property name="a" value="b"/>', '303001'],
    ['with something that is no URL', TO('file:///etc/passwd'), '303001'],
    ['on a network that is refused', TO('http://169.254.169.254/latest'), '101503'],
    ['on that network, written as a number', TO('http://2852039166/'), '101503'],
  ])('is a fault %s', async (_, request, code) => {
    gateway = await SequenceGateway.start({ '/a': { request } }, undefined, dynamic);

    const { status, body } = await gateway.call('/a');

    expect([status, JSON.parse(body).code]).toEqual([500, code]);
  });
});

describe('a sequence in place of the backend', () => {
  const serve = async (productionSequence: string, flows: Flows = { response: SEEN }) => {
    gateway = await SequenceGateway.start({ '/a': flows }, undefined, () => ({
      endpoints: { production: null, sandbox: null, productionSequence },
    }));
  };

  it('answers with its payload at its end, and the response policies run', async () => {
    await serve(`<?xml version="1.0"?><sequence name="s" xmlns="http://ws.apache.org/ns/synapse">${MAKE}</sequence>`);

    const { status, headers, body } = await gateway.call('/a');

    expect([status, headers['content-type'], headers['x-response-policy'], body]).toEqual([
      200,
      'application/json',
      'ran',
      '{"made":"here"}',
    ]);
  });

  it('takes braces as they are', async () => {
    await serve('<payloadFactory media-type="text"><format>{{ literal }}</format></payloadFactory>');

    expect((await gateway.call('/a')).body).toBe('{{ literal }}');
  });

  it('may send the request on', async () => {
    await serve(`<send><endpoint><http method="get" uri-template="${other.url}/x/{uri.var.id}"/></endpoint></send>`, {});
    await gateway.call('/a');

    expect([other.seen.at(-1)?.url, other.seen.at(-1)?.method]).toEqual(['/x/', 'GET']);
  });

  it('that fails runs the fault policies', async () => {
    await serve('<throwError type="S" errorMessage="no"/>', { fault: '<property name="CUSTOM_HTTP_SC" value="502"/>' });

    const { status, body } = await gateway.call('/a');

    expect([status, JSON.parse(body).code]).toEqual([502, 'S']);
  });
});

it('runs policies that are scripts, in every flow and with the parameters of the attachment', async () => {
  const script = (definition: string) => ({ ...written(definition, { name: 'X-By' }), language: 'javascript' as const });
  const mark = script('mc.setProperty(parameters.name, mc.isResponse() ? "response" : "request", "transport");');
  await start({ request: [mark], response: [mark] });

  const { headers } = await gateway.call('/a');

  expect([gateway.seen.headers['x-by'], headers['x-by']]).toEqual(['request', 'response']);
});

it('gives up after a thousand mediators', async () => {
  await start({ request: '<property name="a" value="b"/>'.repeat(1_001) });

  expect((await gateway.call('/a')).status).toBe(500);
  expect(gateway.backend.seen).toEqual([]);
});

it('refuses to serve an API whose policy does not compile, and says where', async () => {
  const policy = written('<log/>\n<xslt key="a"/>');
  await expect(SequenceGateway.start({ '/a': { request: [policy] } })).rejects.toThrow(
    "the policy 'written': xslt (line 2): this mediator is never supported",
  );
  gateway = await SequenceGateway.start({ '/a': {} });
});

it('gives each attachment its parameters, and nothing in them becomes part of the policy', async () => {
  const definition =
    '<property name="X-P" value="{{ value }}" scope="transport"/>{% if on %}<property name="X-On" value="yes" scope="transport"/>{% endif %}';
  await start({ request: [written(definition, { value: 'a"/><drop/>{{ on }}', on: 'true' })] });

  await gateway.call('/a');

  expect(gateway.seen.headers).toMatchObject({ 'x-p': 'a"/><drop/>{{ on }}', 'x-on': 'yes' });
});

describe('what a client sends', () => {
  const FROM_QUERY = 'expression="$ctx:query.param.v"';
  const TYPE = `<property name="ContentType" ${FROM_QUERY} scope="axis2"/>`;

  it.each<[string, Flows, RegExp]>([
    ['a request', { request: TYPE }, /holds characters that no header may hold/],
    ['an answer', { response: TYPE }, /holds characters that no header may hold/],
  ])('adds no line to the head of %s through its type', async (_what, flows, reason) => {
    await start(flows);

    const answer = await gateway.post(`/a?v=${encodeURIComponent('text/plain\r\nX-Injected: yes')}`, '{}');

    expect({ status: answer.status, injected: answer.headers['x-injected'] }).toEqual({ status: 500, injected: undefined });
    expect(answer.body).toMatch(reason);
  });

  it.each(['/../admin', '/%2e%2e/admin', '/..%2fadmin', '/..;/admin'])('leads a policy’s path nowhere else by %s', async (value) => {
    await start({ request: `<property name="REST_URL_POSTFIX" expression="fn:concat('/files', $ctx:query.param.v)" scope="axis2"/>` });

    const answer = await gateway.post(`/a?v=${encodeURIComponent(value)}`, '{}');

    expect(answer.status).toBe(404);
    expect(gateway.backend.seen).toEqual([]);
  });
});
