import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { attached, writtenPolicy } from '../support/policies.js';

const OPEN = { verb: 'GET', target: '/one', authType: 'None' };
const SEQUENCE = '<payloadFactory media-type="json"><format>{"made":"{{here}}"}</format><args/></payloadFactory><loopback/>';

let admin: Actor;
let backend: Backend;
beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
});

const put = ({ id: apiId }: Pick<GivenApi, 'id'>, type: string, text: string) =>
  admin.publisher('PUT /apis/{apiId}/sequence-backend', {
    path: { apiId },
    form: { sequence: { file: text, name: 'backend.xml', type: 'application/xml' }, type },
  });

/** An API that answers with sequences. */
const published = async (sequences: Readonly<Record<string, string>>, further: Body = {}): Promise<GivenApi> => {
  const api = await given.api({ by: admin, backend, with: { operations: [OPEN], ...further } });
  for (const [type, text] of Object.entries(sequences)) expected(await put(api, type, text), 200);
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  await given.deployment(api, admin);
  await eventually(
    () => gateway(`${api.url}/one`, { method: 'TRACE' }),
    ({ status }) => status !== 404,
  );
  return api;
};

it('answers in place of the backend, and the policies of the answer run', async () => {
  const policy = await writtenPolicy(admin, '<property name="X-Answer" value="mediated" scope="transport"/>');
  const api = await published({ PRODUCTION: SEQUENCE, SANDBOX: SEQUENCE }, { apiPolicies: { response: [attached(policy)] } });
  const before = backend.requests.length;

  const { status, body, headers } = await gateway(`${api.url}/one`);

  expect({ status, body }).toEqual({ status: 200, body: { made: '{{here}}' } });
  expect(headers).toMatchObject({ 'content-type': expect.stringContaining('application/json'), 'x-answer': 'mediated' });
  expect(backend.requests).toHaveLength(before);
});

it('may send the request to a backend', async () => {
  const api = await published({
    PRODUCTION: `<send><endpoint><http uri-template="${backend.url}/elsewhere" method="GET"/></endpoint></send>`,
  });

  expect((await gateway(`${api.url}/one`)).status).toBe(200);
  expect(backend.requests.at(-1)?.url).toMatch(/^\/elsewhere/);
});

it('of the sandbox alone leaves production without one', async () => {
  const api = await published({ SANDBOX: SEQUENCE });

  const { status, body } = await gateway(`${api.url}/one`);

  expect({ status, body }).toMatchObject({
    status: 403,
    body: { code: '900901', description: expect.stringContaining('Production key offered to the API with no production endpoint') },
  });
});

it('stays as it was deployed until another revision is', async () => {
  const api = await published({ PRODUCTION: SEQUENCE });
  expected(await put(api, 'PRODUCTION', SEQUENCE.replace('{{here}}', 'new')), 200);
  expect((await gateway(`${api.url}/one`)).body).toEqual({ made: '{{here}}' });

  await given.deployment(api, admin);

  await eventually(
    () => gateway(`${api.url}/one`),
    ({ body }) => body['made'] === 'new',
  );
});

it.each([
  ['<log/>\n<xslt key="a"/>', 'xslt (line 2)'],
  ['<property name="a"/>', 'property (line 1)'],
])('refuses %j, naming the element', async (text, place) => {
  const api = await given.api({ by: admin });

  const answer = await put(api, 'PRODUCTION', text);

  expect(answer).toMatchObject({ status: 400, body: { code: 902006, description: expect.stringContaining(place) } });
  expect((await admin.publisher('GET /apis/{apiId}/sequence-backend', { path: { apiId: api.id } })).status).toBe(404);
});
