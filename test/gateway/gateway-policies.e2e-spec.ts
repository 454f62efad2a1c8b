import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { attached, attribute, writtenPolicy } from '../support/policies.js';

const OPEN = { verb: 'GET', target: '/one', authType: 'None' };

let admin: Actor;
let backend: Backend;
beforeEach(async () => {
  ({ admin } = await given.organization());
});
beforeAll(async () => {
  backend = await given.backend();
});

const header = (value: string) =>
  writtenPolicy(
    admin,
    `<property name="X-Level" value="${value}" scope="transport"/><property name="X-${value}" value="yes" scope="transport"/>`,
  );
const published = (further: Body = {}): Promise<GivenApi> =>
  given.publishedApi({ by: admin, backend, with: { operations: [OPEN], ...further } });
const create = async (policyMapping: Body): Promise<string> => {
  const body = { displayName: 'All', description: '', policyMapping };
  return String(expected(await admin.publisher<Body>('POST /gateway-policies', { body }), 201)['id']);
};
const deploy = async (id: string, gatewayDeployment = true): Promise<void> => {
  const body = [{ mappingUUID: id, gatewayLabel: 'Default', gatewayDeployment }];
  const answer = await admin.publisher('POST /gateway-policies/{gatewayPolicyMappingId}/deploy', {
    path: { gatewayPolicyMappingId: id },
    body,
  });
  expect(answer.status).toBe(200);
};
const answers = (api: GivenApi, header: string, value: string | undefined) =>
  eventually(
    () => gateway(`${api.url}/one`),
    ({ headers }) => headers[header] === value,
  );

it('run for an API that was deployed before, before its own policies, and no longer once they are taken off', async () => {
  const own = await header('own');
  const api = await published({ apiPolicies: { request: [attached(own)], response: [attached(own)] } });
  const all = await header('all');
  const id = await create({ request: [attached(all)], response: [attached(all)], fault: [] });

  await deploy(id);

  const { headers } = await answers(api, 'x-all', 'yes');
  expect(headers).toMatchObject({ 'x-level': 'own', 'x-own': 'yes' });
  expect(backend.requests.at(-1)?.headers).toMatchObject({ 'x-level': 'own', 'x-own': 'yes', 'x-all': 'yes' });
  await deploy(id, false);
  await answers(api, 'x-all', undefined);
});

it('run as they are changed, and for APIs that come later', async () => {
  const policy = await writtenPolicy(admin, '<property name="X-Said" value="{{ word }}" scope="transport"/>', {
    policyAttributes: [attribute('word')],
  });
  const mapping = (word: string) => ({ request: [], response: [attached(policy, { word })], fault: [] });
  const id = await create(mapping('one'));
  await deploy(id);
  const api = await published();
  await answers(api, 'x-said', 'one');

  const body = { displayName: 'All', description: '', policyMapping: mapping('two') };
  expected(await admin.publisher('PUT /gateway-policies/{gatewayPolicyMappingId}', { path: { gatewayPolicyMappingId: id }, body }), 200);

  await answers(api, 'x-said', 'two');
});

it('have their say over faults', async () => {
  const policy = await header('fault');
  await deploy(await create({ request: [], response: [], fault: [attached(policy)] }));

  const api = await given.publishedApi({ by: admin, with: { operations: [OPEN] } });

  const { status } = await answers(api, 'x-fault', 'yes');
  expect(status).toBe(500);
});

it('are those of their tenant alone', async () => {
  const policy = await header('all');
  await deploy(await create({ request: [], response: [attached(policy)], fault: [] }));
  const own = await published();
  await answers(own, 'x-all', 'yes');
  const { admin: stranger } = await given.organization();
  const other = await given.publishedApi({ by: stranger, backend, with: { operations: [OPEN] } });

  expect((await gateway(`${other.url}/one`)).headers['x-all']).toBeUndefined();
});

it('keep their secrets out of the feed', async () => {
  const policy = await writtenPolicy(admin, '<property name="X-Key" value="{{ key }}" scope="transport"/>', {
    policyAttributes: [attribute('key', { type: 'Secret' })],
  });
  await deploy(await create({ request: [attached(policy, { key: 'a-secret-of-all' })], response: [], fault: [] }));
  const api = await published();

  await eventually(
    () => gateway(`${api.url}/one`),
    () => backend.requests.at(-1)?.headers['x-key'] === 'a-secret-of-all',
  );
  const { rows } = await withDatabase((database) =>
    database.query("SELECT body::text FROM gateway_document WHERE kind = 'gateway-policies' AND organization = $1", [admin.organization]),
  );
  expect(rows).toHaveLength(1);
  expect(rows[0].body).not.toContain('a-secret-of-all');
});
