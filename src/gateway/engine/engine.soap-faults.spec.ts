import { apiRow, operation, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';

const SOAP_11 = { 'content-type': 'text/xml; charset=utf-8', SOAPAction: '"urn:order"' };
const SOAP_12 = { 'content-type': 'application/soap+xml; action="urn:order"' };
const XML = { 'content-type': 'text/xml' };
const signer = new Signer('kid-1');

let backend: TestBackend;
let gateway: TestGateway;
beforeAll(async () => {
  backend = await startBackend();
  const threat = { name: 'regexPolicy', version: 'v1', isBuiltIn: true, parameters: {} };
  gateway = await TestGateway.start([
    ...subscriber(signer),
    apiRow(backend.url),
    apiRow('http://127.0.0.1:1', {
      apiId: 'soap',
      context: '/soap',
      path: '/soap/1',
      type: 'SOAP',
      operations: [
        operation('POST', '/*', { authType: 'None' }),
        operation('POST', '/guarded', { authType: 'None', policies: { request: [threat], response: [], fault: [] } }),
      ],
    }),
  ]);
});
afterAll(async () => {
  await gateway.stop();
  await backend.stop();
});

const parts = (body: string) =>
  /<faultcode>soapenv:(\w+)<\/faultcode><faultstring>([^<]*)<\/faultstring>(?:<detail>([^<]*)<\/detail>)?<\/soapenv:Fault>/
    .exec(body)
    ?.slice(1);

it.each([
  ['SOAP 1.1 without a credential', '/pizza/1.0.0/order', SOAP_11, 401, ['Client', 'Authentication Failure', 'Missing Credentials']],
  ['SOAP 1.2 without a credential', '/pizza/1.0.0/order', SOAP_12, 401, ['Client', 'Authentication Failure', 'Missing Credentials']],
  ['an unknown resource', '/pizza/1.0.0/none', SOAP_11, 404, ['Server', 'No matching resource found for given API Request', undefined]],
  ['an unknown path', '/none', SOAP_12, 404, ['Server', 'The requested endpoint is not available.', undefined]],
  ['a backend that is away', '/soap/1/order', {}, 500, ['Server', 'Error connecting to the back end', undefined]],
])('tells %s by a fault', async (_what, path, headers, status, fault) => {
  const answer = await gateway.call(path, { method: 'POST', headers, body: '<a/>' });

  expect(answer).toMatchObject({ status, headers: { 'content-type': 'text/xml; charset=UTF-8' } });
  expect(parts(answer.body)).toEqual(fault);
  expect(answer.headers['www-authenticate'] !== undefined).toBe(status === 401);
});

it.each([
  ['XML without an action', '/pizza/1.0.0/order', XML, 401, '900902'],
  ['JSON', '/pizza/1.0.0/order', { 'content-type': 'application/json' }, 401, '900902'],
  ['a threat', '/soap/1/guarded?q=drop', SOAP_11, 400, '400'],
])('answers %s in JSON', async (_what, path, headers, status, code) => {
  const answer = await gateway.call(path, { method: 'POST', headers, body: '<a/>' });

  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({ code });
});

it('leaves the answers of a backend as they are', async () => {
  const { status, body } = await gateway.call('/pizza/1.0.0/order', {
    method: 'POST',
    headers: { ...SOAP_11, authorization: `Bearer ${signer.token()}` },
    body: '<a/>',
  });

  expect({ status, body }).toEqual({ status: 200, body: 'hello' });
});
