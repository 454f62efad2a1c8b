import { join } from 'node:path';
import { Pool } from 'pg';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());

it('stores what was called as per-minute sums, by API and application', async () => {
  const { api, application, token } = await given.subscriber({ backend: await given.backend() });
  for (let index = 0; index < 5; index++) await gateway(`${api.url}/x`, { token });
  await gateway(`${api.url}/x`);

  const rows = await eventually(
    async () =>
      (
        await database.query(
          `SELECT application_id, sum(hits)::int AS hits, sum(status_2xx)::int AS ok, sum(status_4xx)::int AS refused, sum(backend_hits)::int AS backend
           FROM usage_minutes WHERE api_id = $1 GROUP BY application_id ORDER BY application_id NULLS LAST`,
          [api.id],
        )
      ).rows,
    (found) =>
      found.some((row) => row.application_id !== null && row.ok >= 6) &&
      found.some((row) => row.application_id === null && row.refused >= 1),
  );

  // The builder's probe was a sixth call; probes before the subscription had arrived are refusals.
  expect(rows.find((row) => row.application_id === application.applicationId)).toMatchObject({ ok: 6, backend: 6 });
});
