import { type Flows, SequenceGateway } from './sequences.fixture.js';

/** Failures of policies that users write, and what becomes of them (`reference/mediation.md` §9.1, `reference/gateway.md` §10). */
const SOAP_12 = 'application/soap+xml; action="urn:order"';
const SOAP_11 = 'text/xml';
const ENVELOPE = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><order/></s:Body></s:Envelope>';
const THROW = '<throwError type="E42" errorMessage="no &lt;pizza&gt; today"/>';
const NOTE = '<property name="X-Noted" expression="get-property(\'ERROR_CODE\')" scope="transport"/>';
const AS_SUCCESS = '<property name="FAULTS_AS_HTTP_200" value="true" scope="axis2"/>';
const MAKE_FAULT =
  '<makefault version="soap11"><code xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" value="s:Client"/><reason value="own"/></makefault>';

const resources: Record<string, Flows> = {
  '/plain': { request: THROW },
  '/noted': { request: THROW, fault: NOTE },
  '/status': { request: THROW, fault: '<property name="CUSTOM_HTTP_SC" value="418"/>' },
  '/by-key': { request: THROW, fault: '<sequence key="fault"/>' },
  '/own': { request: THROW, fault: `${MAKE_FAULT}<respond/>` },
  '/as-success': { request: THROW, fault: `${MAKE_FAULT}${AS_SUCCESS}<respond/>` },
  '/handler-fails': { request: THROW, fault: '<throwError type="E43" errorMessage="again"/>' },
  '/answer': { response: THROW, fault: NOTE },
  '/properties': {
    request: THROW,
    fault:
      '<payloadFactory media-type="text"><format>$1|$2|$3|$4</format><args><arg expression="$ctx:ERROR_CODE"/><arg expression="$ctx:ERROR_MESSAGE"/><arg expression="$ctx:ERROR_DETAIL"/><arg expression="$ctx:ERROR_EXCEPTION"/></args></payloadFactory><respond/>',
  },
};

let gateway: SequenceGateway;
beforeAll(async () => {
  gateway = await SequenceGateway.start(resources);
});
afterAll(() => gateway.stop());

const fault = (code: string, reason: string) => `<faultcode>soapenv:${code}</faultcode><faultstring>${reason}</faultstring>`;

it.each([
  ['without fault policies', '/plain', 500],
  ['whose fault policies answer nothing', '/noted', 500],
  ['with a status of its fault policies', '/status', 418],
  ['handed to the gateway’s own sequence', '/by-key', 500],
  ['of an answer', '/answer', 500],
])('a fault %s is told to SOAP clients as a SOAP 1.1 fault', async (_, path, status) => {
  const answer = await gateway.post(path, ENVELOPE, SOAP_12);

  expect([answer.status, answer.headers['content-type']?.split(';')[0]]).toEqual([status, 'text/xml']);
  expect(answer.body).toContain(fault('Server', 'no &lt;pizza&gt; today'));
});

it.each(['/plain', '/noted', '/by-key'])('a fault on %s is told as JSON to others', async (path) => {
  const answer = await gateway.post(path, '{}');

  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    500,
    { code: 'E42', type: 'Status report', message: 'Runtime Error', description: 'no <pizza> today' },
  ]);
});

it('keeps the headers that fault policies have set beside the SOAP fault', async () => {
  const answer = await gateway.post('/noted', ENVELOPE, SOAP_12);

  expect(answer.headers['x-noted']).toBe('E42');
});

it.each([
  ['/own', 500],
  ['/as-success', 200],
])('a fault answered by its policies on %s stays as they made it, with the status %i', async (path, status) => {
  const answer = await gateway.post(path, ENVELOPE, SOAP_12);

  expect([answer.status, answer.body]).toEqual([status, expect.stringContaining('<faultstring>own</faultstring>')]);
});

it('answers a fault whose policies fail, too', async () => {
  const [soap, json] = [await gateway.post('/handler-fails', ENVELOPE, SOAP_12), await gateway.post('/handler-fails', '{}')];

  expect([soap.status, soap.body]).toEqual([500, expect.stringContaining('<faultcode>soapenv:Server')]);
  expect([json.status, JSON.parse(json.body)]).toEqual([500, expect.objectContaining({ type: 'Status report' })]);
});

it('shows fault policies what has failed', async () => {
  const answer = await gateway.post('/properties', '{}');

  expect([answer.status, answer.body]).toEqual([500, 'E42|no <pizza> today|no <pizza> today|no <pizza> today']);
});

it('takes text/xml with an action for SOAP', async () => {
  const answer = await gateway.post('/plain', '<a/>', SOAP_11, { SOAPAction: 'urn:a' });

  expect(answer.body).toContain('<soapenv:Fault>');
});

it('shows fault policies how far the exchange with a backend had come', async () => {
  const dead = await SequenceGateway.start(
    {
      '/a': {
        fault:
          '<payloadFactory media-type="text"><format>$1|$2|$3</format><args><arg expression="$ctx:ERROR_CODE"/><arg expression="$ctx:BASE_ERROR_CODE"/><arg expression="$ctx:PROTOCOL_STATE_ON_FAILURE"/></args></payloadFactory><respond/>',
      },
    },
    (request) => request.socket.destroy(),
  );

  const { body } = await dead.post('/a', '{}');
  await dead.stop();

  expect(body).toBe('101505|101505|REQUEST_DONE');
});

describe('what no policy expects', () => {
  let own: SequenceGateway;
  const LOOSE = 'org.wso2.carbon.apimgt.gateway.mediators.RegularExpressionProtector';
  beforeAll(async () => {
    own = await SequenceGateway.start({
      '/bad-pattern': {
        request: `<property name="regex" expression="$url:regex"/><class name="${LOOSE}"/>`,
        fault: '<property name="X-Fault" expression="$ctx:ERROR_MESSAGE" scope="transport"/>',
      },
      '/caught': { request: `<sequence name="s" onError="fault"><property name="regex" value="("/><class name="${LOOSE}"/></sequence>` },
      '/type': {
        request: '<property name="messageType" expression="$url:type" scope="axis2"/>',
        fault: '<property name="X-Fault" value="ran" scope="transport"/>',
      },
      '/type-of-answer': { response: '<property name="ContentType" expression="$url:type" scope="axis2"/>' },
    });
  });
  afterAll(() => own.stop());

  it.each([
    ['a pattern that is none', '/bad-pattern?regex=('],
    ['a pattern that is none, within a handler', '/caught'],
    ['a media type with a line break', '/type?type=a%0d%0aX-Evil:%20b'],
    ['a media type of an answer with a line break', '/type-of-answer?type=a%0d%0aX-Evil:%20b'],
  ])('%s is a fault with a clear text', async (_, path) => {
    const answer = await own.post(path, '{}');

    const { code, description } = JSON.parse(answer.body);
    expect([answer.status, code, answer.headers['x-evil']]).toEqual([500, '0', undefined]);
    expect(description).not.toBe('The gateway failed to process the request');
    expect(description.length).toBeGreaterThan(10);
  });

  it('runs the fault policies', async () => {
    expect((await own.post('/bad-pattern?regex=(', '{}')).headers['x-fault']).toBeDefined();
  });
});
