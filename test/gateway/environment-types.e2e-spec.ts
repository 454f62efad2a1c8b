import { join } from 'node:path';
import { Pool } from 'pg';
import { expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });

afterAll(() => database.end());

it.each([
  ['sandbox', 'SANDBOX'],
  ['production', 'PRODUCTION'],
  ['hybrid', null],
])('tells the gateways of an environment of the type %s which keys it serves', async (type, served) => {
  const { admin } = await given.organization();
  const name = unique('env');
  const vhosts = [{ host: `${name}.example.com`, httpContext: '', httpPort: 80, httpsPort: 443 }];
  expected(await admin.admin('POST /environments', { body: { name, displayName: name, type, vhosts } }), 201);
  const api = await given.api({ by: admin });
  const path = { apiId: api.id };
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);

  const body = [{ name, vhost: `${name}.example.com`, displayOnDevportal: true }];
  expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId: revision.id }, body }), 201);

  const { rows } = await database.query(`SELECT body->>'environmentType' AS type FROM gateway_document WHERE kind = 'api' AND key = $1`, [
    `${api.id}:${name}`,
  ]);
  expect(rows).toEqual([{ type: served }]);
});
