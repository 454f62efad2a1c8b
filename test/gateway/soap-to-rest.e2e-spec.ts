import { type Actor, expected } from '../support/actor.js';
import { exported, imported, unzip } from '../support/archives.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const IN =
  '<property name="name" expression="json-eval($.name)"/><payloadFactory media-type="xml"><format><ask xmlns="urn:a">$1</ask></format><args><arg expression="get-property(\'name\')"/></args></payloadFactory>';
const OUT = '<property name="messageType" value="application/json" scope="axis2"/>';

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

it('a resource in front of SOAP asks with POST and XML, and answers JSON', async () => {
  const backend = await given.backend((request, reply) => {
    request.on('end', () => reply.writeHead(200, { 'Content-Type': 'application/xml' }).end('<told><a>1</a></told>'));
    request.resume();
  });
  const template = await given.api({ by: admin, backend, with: { policies: ['Unlimited'] } });
  const files = await unzip(await exported(admin, { apiId: template.id, format: 'JSON' }));
  const { data, ...about } = JSON.parse(String([...files].find(([path]) => path.endsWith('/api.json'))?.[1]));
  const name = unique('Soap');
  const operations = [{ target: '/pets/{id}', verb: 'PUT', authType: 'None' }];
  const { id } = await imported(admin, {
    'api.json': JSON.stringify({ ...about, data: { ...data, name, context: `/${name}`, type: 'SOAPTOREST', operations } }),
    'SoapToRest/in/pets%2F%7Bid%7D_put.xml': IN,
    'SoapToRest/out/pets%2F%7Bid%7D_put.xml': OUT,
  });
  const path = { apiId: id };
  const { context } = expected(await admin.publisher<{ context: string }>('GET /apis/{apiId}', { path }), 200);
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
  await given.deployment({ id } as GivenApi, admin); // of an API its id is all that is read

  const answer = await eventually(
    () => gateway(`${context}/1.0.0/pets/7`, { method: 'PUT', body: { name: 'Rex' } }),
    ({ status }) => status !== 404,
  );

  expect(answer).toMatchObject({ status: 200, body: { told: { a: 1 } } });
  expect(backend.requests.at(-1)).toMatchObject({ method: 'POST', body: expect.stringContaining('<ask xmlns="urn:a">Rex</ask>') });
});
