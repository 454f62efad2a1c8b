import { join } from 'node:path';
import { Pool } from 'pg';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });

afterAll(() => database.end());

/** An environment of the type with an API that is deployed to it. */
const deployed = async (type: string) => {
  const { admin } = await given.organization();
  const name = unique('env');
  const body = { name, displayName: name, type, vhosts: [{ host: `${name}.example.com`, httpContext: '', httpPort: 80, httpsPort: 443 }] };
  const { id } = expected(await admin.admin<{ id: string }>('POST /environments', { body }), 201);
  const api = await given.api({ by: admin });
  const path = { apiId: api.id };
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const target = [{ name, vhost: `${name}.example.com`, displayOnDevportal: true }];
  const query = { revisionId: revision.id };
  expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', { path, query, body: target }), 201);
  return { admin, api, environment: { ...body, id } };
};

/** Which keys the gateways were told to take. */
const told = async (key: string) => {
  const { rows } = await database.query<{ type: string | null; seq: string }>(
    `SELECT body->>'environmentType' AS type, seq FROM gateway_document WHERE kind = 'api' AND key = $1`,
    [key],
  );
  return rows[0];
};

it.each([
  ['sandbox', 'SANDBOX'],
  ['production', 'PRODUCTION'],
  ['hybrid', null],
])('tells the gateways of an environment of the type %s which keys it serves', async (type, served) => {
  const { api, environment } = await deployed(type);

  expect(await told(`${api.id}:${environment.name}`)).toMatchObject({ type: served });
});

it('tells them when an administrator changes the type, and of nothing else', async () => {
  const { admin, api, environment } = await deployed('hybrid');
  await given.deployment(api, admin);
  const elsewhere = await told(`${api.id}:Default`);
  const { id, ...body } = environment;
  const change = async (changes: object) => {
    const path = { environmentId: id };
    expected(await admin.admin('PUT /environments/{environmentId}', { path, body: { ...body, ...changes } }), 200);
    return told(`${api.id}:${environment.name}`);
  };

  const first = await change({ type: 'Production' });
  expect(first).toMatchObject({ type: 'PRODUCTION' });
  expect(Number(first?.seq)).toBeGreaterThan(Number(elsewhere?.seq));
  expect(await change({ type: 'production', description: 'For customers' })).toEqual(first);
  expect(await change({ type: 'sandbox' })).toMatchObject({ type: 'SANDBOX' });
  expect(await change({ type: 'hybrid' })).toMatchObject({ type: null });
  expect(await told(`${api.id}:Default`)).toEqual(elsewhere);
});

it('tells them what the configuration file says since the last start', async () => {
  const first = await Cli.start();
  const { id } = (
    await first.post('/api/am/publisher/v4/apis', { name: 'Typed', context: '/typed', version: '1', policies: ['Unlimited'] })
  ).body as { readonly id: string }; // as the contract has it
  const revision = (await first.post(`/api/am/publisher/v4/apis/${id}/revisions`, {})).body as { readonly id: string };
  const body = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
  const { status } = await first.post(`/api/am/publisher/v4/apis/${id}/deploy-revision?revisionId=${revision.id}`, body);
  expect(status).toBe(201);
  await first.stop();

  const second = await Cli.start({ APIM_APIM__GATEWAY__ENVIRONMENT: '[{name = "Default", type = "sandbox"}]' }, first.dataDir);
  const client = new Pool({ host: join(second.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
  const type = await eventually(
    async () => (await client.query(`SELECT body->>'environmentType' AS type FROM gateway_document WHERE kind = 'api'`)).rows,
    ([row]) => row?.type !== null,
  );
  await client.end();
  await second.stop();

  expect(type).toEqual([{ type: 'SANDBOX' }]);
}, 120_000);
