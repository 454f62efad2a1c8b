import { CALCULATOR, calculatorWsdl, calculatorWsdl20 } from '../../src/apis/wsdl/wsdl.fixture.js';
import { expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const SOAP11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const SOAP12 = 'http://www.w3.org/2003/05/soap-envelope';
const envelope = (namespace: string, body: string): string =>
  `<s:Envelope xmlns:s="${namespace}"><s:Header/><s:Body>${body}</s:Body></s:Envelope>`;
const ADD = `<Add xmlns="${CALCULATOR}"><summand>2</summand><summand>40</summand></Add>`;
const AS_SOAP11 = { 'content-type': 'text/xml; charset=utf-8', soapaction: '"urn:calculator/Add"' };
const AS_SOAP12 = { 'content-type': 'application/soap+xml; charset=utf-8; action="urn:calculator/Add"' };

/** A calculator that speaks both versions of SOAP. */
const calculator = () =>
  given.backend((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      const sent = Buffer.concat(chunks).toString();
      const namespace = sent.includes(SOAP12) ? SOAP12 : SOAP11;
      const type = namespace === SOAP12 ? 'application/soap+xml; charset=utf-8' : 'text/xml; charset=utf-8';
      const summands = [...sent.matchAll(/<summand>(-?\d+)<\/summand>/g)].map(([, digits]) => Number(digits));
      const sum = summands.reduce((a, b) => a + b, 0);
      if (summands.length === 0) {
        const fault = '<s:Fault><faultcode>s:Client</faultcode><faultstring>Nothing to add</faultstring></s:Fault>';
        reply.writeHead(500, { 'content-type': type }).end(envelope(namespace, fault));
      } else
        reply
          .writeHead(200, { 'content-type': type })
          .end(envelope(namespace, `<AddResponse xmlns="${CALCULATOR}"><sum>${sum}</sum></AddResponse>`));
    });
  });

/** An API made from the WSDL of the backend, published and deployed; its path at the gateway. */
const published = async (backend: Backend, implementationType: string, wsdl = calculatorWsdl): Promise<string> => {
  const name = unique('Soap');
  const additionalProperties = JSON.stringify({ name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'] });
  const file = { file: wsdl(`${backend.url}/services/calculator`), name: 'calculator.wsdl', type: 'text/xml' };
  const by = given.superAdmin;
  const api = expected(
    await by.publisher<GivenApi>('POST /apis/import-wsdl', { form: { file, additionalProperties, implementationType } }),
    201,
  );
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  await given.deployment(api);
  const url = `${api.context}/1.0.0`;
  const probe = implementationType === 'SOAP' ? url : `${url}/add`;
  const application = await given.application();
  await given.subscription(api, application);
  token = await given.applicationToken(await given.keys(application));
  await eventually(
    () => gateway(probe, { method: 'POST', token, body: {} }),
    ({ status }) => ![401, 403, 404].includes(status),
  );
  return url;
};

let token: string;
let backend: Backend;
let url: string;

describe('a SOAP API', () => {
  beforeAll(async () => {
    backend = await calculator();
    url = await published(backend, 'SOAP');
  });
  const post = (headers: Record<string, string>, raw: string) => gateway<string>(url, { method: 'POST', token, headers, raw });

  it.each([
    ['1.1', AS_SOAP11, envelope(SOAP11, ADD)],
    ['1.2', AS_SOAP12, envelope(SOAP12, ADD)],
  ])('passes SOAP %s through, as it was sent', async (_, headers, message) => {
    const answer = await post(headers, message);

    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<sum>42</sum>') });
    expect(backend.requests.at(-1)).toMatchObject({ method: 'POST', url: '/services/calculator', headers, body: message });
  });

  it('passes the faults of its backend on', async () => {
    const answer = await post(AS_SOAP11, envelope(SOAP11, `<Add xmlns="${CALCULATOR}"/>`));

    expect(answer).toMatchObject({ status: 500, body: expect.stringContaining('<faultstring>Nothing to add</faultstring>') });
  });

  it('refuses a caller without a token with a fault', async () => {
    const answer = await gateway<string>(url, { method: 'POST', headers: AS_SOAP12, raw: envelope(SOAP12, ADD) });

    expect(answer).toMatchObject({
      status: 401,
      headers: { 'content-type': 'text/xml; charset=UTF-8' },
      body: expect.stringContaining('<faultstring>Authentication Failure</faultstring><detail>Missing Credentials</detail>'),
    });
  });

  it('does not answer for its WSDL', async () => {
    const answer = await gateway<string>(`${url}?wsdl`, { token });

    expect(answer).toMatchObject({ status: 405, body: expect.stringContaining('Method not allowed for given API resource') });
  });
});

describe('a REST face of a SOAP service', () => {
  beforeAll(async () => {
    backend = await calculator();
    url = await published(backend, 'SOAPTOREST');
  });
  const add = (body: unknown, headers: Record<string, string> = {}) => gateway(`${url}/add`, { method: 'POST', token, body, headers });

  it('makes the message that the operation takes, in the order of its type, and answers JSON', async () => {
    const body = { Add: { note: { text: 'a < b & "c"', '@lang': 'en', author: 'Ann' }, summand: [2, 40] } };

    const answer = await add(body);

    expect(answer).toMatchObject({ status: 200, body: { AddResponse: { sum: 42 } } });
    const sent = backend.requests.at(-1);
    expect(sent).toMatchObject({
      method: 'POST',
      url: '/services/calculator',
      headers: { soapaction: '"urn:calculator/Add"', 'content-type': expect.stringContaining('text/xml') },
    });
    expect(sent?.body).toContain(
      `<Add xmlns="${CALCULATOR}"><summand>2</summand><summand>40</summand><note lang="en"><author>Ann</author><text>a &lt; b &amp; "c"</text></note></Add>`,
    );
  });

  it('takes the message without its name too', async () =>
    expect(await add({ summand: [1] })).toMatchObject({ status: 200, body: { AddResponse: { sum: 1 } } }));

  it('answers a fault of the service in JSON', async () => {
    const answer = await add({ Add: {} });

    expect(answer).toMatchObject({ status: 500, body: { Fault: { faultstring: 'Nothing to add' } } });
  });

  it.each([
    ['no JSON', '{"Add":', 'JSON'],
    ['the name of no element', '{"Add":{"summand":[1],"a b":1}}', 'No element can be named a b'],
    ['the name of no element in an element that no type knows', '{"Add":{"summand":[1],"a":{"\\"><b":1}}}', 'No element can be named "><b'],
  ])('refuses %s with a word of what is wrong', async (_, raw, word) => {
    const answer = await gateway(`${url}/add`, { method: 'POST', token, raw, headers: { 'content-type': 'application/json' } });

    expect(answer).toMatchObject({ status: 400, body: { error: expect.stringContaining(word) } });
  });

  it('passes on what the type of the message does not know', async () => {
    const answer = await add({ Add: { more: { hasOwnProperty: [1, null, true], $: 'text' }, summand: 3 } });

    expect(answer).toMatchObject({ status: 200, body: { AddResponse: { sum: 3 } } });
    expect(backend.requests.at(-1)?.body).toContain(
      '<summand>3</summand><more>text<hasOwnProperty>1</hasOwnProperty><hasOwnProperty>true</hasOwnProperty></more></Add>',
    );
  });

  it('refuses another media type', async () => {
    const answer = await gateway(`${url}/add`, { method: 'POST', token, raw: ADD, headers: { 'content-type': 'text/xml' } });

    expect(answer).toMatchObject({ status: 400, body: { error: 'Invalid Content-Type detected' } });
  });
});

it('a REST face of a service that speaks SOAP 1.2 asks it in that', async () => {
  backend = await calculator();
  url = await published(backend, 'SOAPTOREST', calculatorWsdl20);

  const answer = await gateway(`${url}/add`, { method: 'POST', token, body: { Add: { summand: [40, 2] } } });

  expect(answer).toMatchObject({ status: 200, body: { AddResponse: { sum: 42 } } });
  const { headers, body } = backend.requests.at(-1) ?? {};
  expect(headers?.['content-type']).toBe('application/soap+xml; charset=UTF-8; action="urn:calculator/Add"');
  expect(headers).not.toHaveProperty('soapaction');
  expect(body).toContain(`xmlns:soapenv="${SOAP12}"`);
});
