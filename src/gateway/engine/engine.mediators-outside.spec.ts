import { connect } from 'node:net';
import { startBackend, type TestBackend, until } from './engine.fixture.js';
import { SequenceGateway } from './sequences.fixture.js';

/** Mediators that write, ask and protect (`reference/mediation.md` §3.3, §3.7, §3.8, §8). */
describe('log', () => {
  it('writes its properties and masks credentials', async () => {
    const request =
      '<log level="custom" separator=" | "><property name="a" value="1"/><property name="c" expression="$trp:Cookie"/><property name="b" expression="json-eval($.x)"/></log><log level="full" category="WARN"/>';
    const logging = await SequenceGateway.start({ '/a': { request } });

    await logging.post('/a', '{"x":"y"}', 'application/json', { Cookie: 'secret' });

    const [first, second] = logging.lines;
    await logging.stop();
    expect(first).toBe('a = 1 | c = ***** | b = y');
    expect(second).toContain('Payload: {"x":"y"}');
  });
});

describe('call', () => {
  let other: TestBackend;
  beforeAll(async () => {
    other = await startBackend((request, reply) => {
      if (request.url === '/slow') return;
      reply.writeHead(207, { 'Content-Type': 'application/json', 'X-Other': 'o' }).end(`{"url":"${request.url}"}`);
    });
  });
  afterAll(() => other.stop());
  const calling = async (request: string, run: (gateway: SequenceGateway) => Promise<void>): Promise<void> => {
    const started = await SequenceGateway.start({ '/a': { request } });
    await run(started).finally(() => started.stop());
  };
  const to = (rest = '') => `<endpoint><address uri="${other.url}/c">${rest}</address></endpoint>`;

  it('goes on with the answer as the message', async () => {
    await calling(
      `<call>${to()}</call><property name="X-Status" expression="$axis2:HTTP_SC" scope="transport"/><property name="X-Url" expression="json-eval($.url)" scope="transport"/>`,
      async (started) => {
        await started.post('/a?q=1', '{"mine":1}');

        expect(other.seen.at(-1)).toMatchObject({ method: 'POST', url: '/c/a?q=1', body: '{"mine":1}' });
        expect(started.seen.headers).toMatchObject({ 'x-status': '207', 'x-url': '/c/a?q=1', 'x-other': 'o' });
        expect(started.seen.body).toBe('{"url":"/c/a?q=1"}');
      },
    );
  });

  it('keeps the message where the answer goes into a property', async () => {
    await calling(
      `<property name="REST_URL_POSTFIX" action="remove" scope="axis2"/><call>${to()}<source type="inline">{"q":2}</source><target type="property">answer</target></call><property name="X-Answer" expression="$ctx:answer" scope="transport"/>`,
      async (started) => {
        await started.post('/a', '{"mine":1}');

        expect(other.seen.at(-1)).toMatchObject({ url: '/c', body: '{"q":2}' });
        expect([started.seen.body, started.seen.headers['x-answer']]).toEqual(['{"mine":1}', '{"url":"/c"}']);
      },
    );
  });

  it.each([
    ['an endpoint that refuses', () => '<endpoint><address uri="http://127.0.0.1:1"/></endpoint>', '101503'],
    ['no target', () => '', '303001'],
    [
      'one that takes too long',
      () => `<endpoint><http method="GET" uri-template="${other.url}/slow"><timeout><duration>30</duration></timeout></http></endpoint>`,
      '101504',
    ],
    ['a refused network', () => '<endpoint><address uri="http://169.254.169.254"/></endpoint>', '101503'],
  ])('is a fault with %s', async (_, endpoint, code) => {
    await calling(`<call>${endpoint()}</call>`, async (started) => {
      const { status, body } = await started.post('/a', '{}');

      expect([status, JSON.parse(body).code]).toEqual([500, code]);
    });
  });

  it('tries the next endpoint of a group', async () => {
    await calling(
      `<call><endpoint><failover><endpoint><address uri="http://127.0.0.1:1"/></endpoint><endpoint><address uri="${other.url}/second"/></endpoint></failover></endpoint></call>`,
      async (started) => {
        await started.post('/a', '{}');

        expect(other.seen.at(-1)?.url).toBe('/second/a');
      },
    );
  });

  it('takes turns among the endpoints of a group', async () => {
    const members = ['one', 'two'].map((name) => `<endpoint><address uri="${other.url}/${name}"/></endpoint>`).join('');
    await calling(`<call><endpoint><loadbalance>${members}</loadbalance></endpoint></call>`, async (started) => {
      for (let i = 0; i < 3; i += 1) await started.post('/a', '{}');

      expect(other.seen.slice(-3).map(({ url }) => url)).toEqual(['/one/a', '/two/a', '/one/a']);
    });
  });

  it('remembers that an endpoint has failed', async () => {
    const endpoint =
      '<endpoint><address uri="http://127.0.0.1:1"><suspendOnFailure><initialDuration>60000</initialDuration></suspendOnFailure></address></endpoint>';
    await calling(`<call>${endpoint}</call>`, async (started) => {
      const codes = [await started.post('/a', '{}'), await started.post('/a', '{}')].map(({ body }) => JSON.parse(body).code);

      expect(codes).toEqual(['101503', '303001']);
    });
  });

  it('is given up when the client goes away, which is no failure of the endpoint', async () => {
    const asked = other.seen.length;
    let gone = 0;
    const slow = await startBackend((request) => request.socket.once('close', () => (gone += 1)));
    const suspending = '<suspendOnFailure><initialDuration>60000</initialDuration></suspendOnFailure>';
    const call = `<call><endpoint><address uri="${slow.url}/c">${suspending}</address></endpoint></call>`;
    await calling(call.repeat(3), async (started) => {
      const client = connect(started.gateway.port, '127.0.0.1');
      client.write('GET /pizza/1.0.0/a HTTP/1.1\r\nHost: a\r\n\r\n');
      await until(() => slow.seen.length === 1);

      client.destroy();
      await until(() => gone === 1);

      expect([slow.seen.length, started.backend.seen.length, other.seen.length]).toEqual([1, 0, asked]);
    });
    await slow.stop();
  });

  it('is made ten times at most', async () => {
    await calling(`<call>${to()}</call>`.repeat(11), async (started) => {
      const before = other.seen.length;
      const { status } = await started.post('/a', '{}');

      expect([status, other.seen.length - before]).toEqual([500, 10]);
    });
  });
});

describe('an error handler', () => {
  it('of a sequence runs in the place of what failed', async () => {
    const started = await SequenceGateway.start({
      '/a': { request: '<sequence name="s" onError="fault"><throwError type="H" errorMessage="handled"/></sequence>' },
    });
    const { status, body } = await started.post('/a', '{}');
    await started.stop();

    expect([status, JSON.parse(body)]).toEqual([
      500,
      { code: 'H', type: 'Status report', message: 'Runtime Error', description: 'handled' },
    ]);
  });
});

describe('a class of the product', () => {
  const P = 'org.wso2.carbon.apimgt.gateway.mediators.';
  const property = (name: string, value: string) => `<property name="${name}" value="${value}"/>`;
  const REGEX = `${property('regex', '(?i)\\bdrop\\s')}${property('threatType', 'SQL')}<class name="${P}RegularExpressionProtector"/>`;
  const XML = `${property('maxElementCount', '2')}<class name="${P}XMLSchemaValidator"/>`;
  const limits = ['maxPropertyCount', 'maxStringLength', 'maxArrayElementCount', 'maxKeyLength', 'maxJsonDepth'];
  const JSON_LIMITS = `${limits.map((name) => property(name, '2')).join('')}<class name="${P}JsonSchemaValidator"/>`;
  const rows: readonly (readonly [string, string, string, string, string | undefined])[] = [
    ['finds a pattern', REGEX, '{"a":"DROP it"}', 'application/json', 'SQL Threat detected in Payload'],
    ['finds nothing', REGEX, '{"a":"it"}', 'application/json', undefined],
    [
      'misses its pattern',
      `<class name="${P}RegularExpressionProtector"/>`,
      '{}',
      'application/json',
      'Threat detection key words are missing',
    ],
    [
      'limits XML',
      XML,
      '<a><b/><c/></a>',
      'application/xml',
      'Request is failed due to an XML schema validation failure: Max Element Count [2] Reached',
    ],
    ['takes XML within the limits', XML, '<a><b/></a>', 'application/xml', undefined],
    [
      'limits JSON',
      JSON_LIMITS,
      '{"a":[1,2,3]}',
      'application/json',
      'Request is failed due to a JSON schema validation failure: Max Array Length [2] Reached',
    ],
  ];

  it.each(rows)('%s', async (_, request, body, type, description) => {
    const started = await SequenceGateway.start({ '/a': { request } });
    const answer = await started.post('/a', body, type);
    await started.stop();

    expect(description === undefined ? answer.body : JSON.parse(answer.body).description).toBe(description ?? 'hello');
    expect(answer.status).toBe(description === undefined ? 200 : 400);
  });
});
