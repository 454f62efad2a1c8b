import { apiRow, operation, startBackend, TestGateway } from './engine.fixture.js';

/** `reference/mediation.md` §1: what stands between a resource that speaks JSON and a backend that speaks SOAP. */
const IN = `
<property name="REST_URL_POSTFIX" scope="axis2" action="remove"/>
<filter source="$trp:Content-Type" regex=".*json.*">
  <then><property name="name" expression="json-eval($.name)"/></then>
  <else>
    <payloadFactory media-type="json"><format>{"error":"Invalid Content-Type detected"}</format><args/></payloadFactory>
    <property name="HTTP_SC" value="400" scope="axis2"/>
    <respond/>
  </else>
</filter>
<payloadFactory media-type="xml">
  <format><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><ask xmlns="urn:a">$1</ask></soapenv:Body></soapenv:Envelope></format>
  <args><arg expression="get-property('name')"/></args>
</payloadFactory>
<property name="messageType" value="text/xml" scope="axis2"/>`;
const OUT = '<property name="messageType" value="application/json" scope="axis2"/>';
const ANSWER =
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body><told><a>1</a></told></soapenv:Body></soapenv:Envelope>';

it('asks with POST and SOAP, and answers JSON', async () => {
  const backend = await startBackend((_, reply) => reply.writeHead(200, { 'Content-Type': 'text/xml' }).end(ANSWER));
  const operations = [operation('PUT', '/pets', { authType: 'None', translation: { in: IN, out: OUT } })];
  const gateway = await TestGateway.start([apiRow(`${backend.url}/soap`, { operations })]);
  const call = (type: string) =>
    gateway.call('/pizza/1.0.0/pets', { method: 'PUT', headers: { 'Content-Type': type }, body: '{"name":"Rex"}' });

  const answer = await call('application/json');
  const refused = await call('text/plain');
  await Promise.all([gateway.stop(), backend.stop()]);

  expect(gateway.messages.filter(({ type }) => type === 'ack')).toMatchObject([{ ok: true }]);
  expect(answer).toMatchObject({ status: 200, body: '{"told":{"a":1}}' });
  expect(answer.headers['content-type']).toContain('application/json');
  expect(backend.seen).toHaveLength(1);
  expect(backend.seen[0]).toMatchObject({ method: 'POST', headers: { 'content-type': expect.stringContaining('text/xml') } });
  expect(backend.seen[0]?.body).toContain('<ask xmlns="urn:a">Rex</ask>');
  expect(refused).toMatchObject({ status: 400, body: '{"error":"Invalid Content-Type detected"}' });
});

it('that cannot be compiled is not served', async () => {
  const operations = [operation('GET', '/pets', { authType: 'None', translation: { in: '<nonsense/>' } })];
  const gateway = await TestGateway.start([apiRow('http://127.0.0.1:1', { operations })]);

  const { status } = await gateway.call('/pizza/1.0.0/pets');
  await gateway.stop();

  expect(status).toBe(404);
  expect(gateway.messages).toContainEqual(expect.objectContaining({ type: 'ack', ok: false, error: expect.stringContaining('nonsense') }));
});
