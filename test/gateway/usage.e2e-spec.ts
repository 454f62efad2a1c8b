import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { type UsageRow, UsageStore } from '../../src/analytics/usage-store.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Sql } from '../../src/platform/database/sql.js';
import { Log } from '../../src/platform/logging/log.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());
const quiet = new Log(Object.assign(new LogConfig(), { level: 'error' }));

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

it('counts a batch once that is sent twice, because nobody heard that it had arrived', async () => {
  const sql = new Sql({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 }, quiet);
  const store = new UsageStore(sql);
  const apiId = randomUUID();
  const row: UsageRow = {
    ...{ minute: Date.parse('2026-03-01T10:00Z'), organization: 'carbon.super', environment: 'Default', apiId, revisionId: randomUUID() },
    ...{ method: 'GET', target: '/*', applicationId: null, keyType: 'PRODUCTION', hits: 3, statuses: [0, 3, 0, 0, 0] },
    ...{ throttled: 0, refused: 0, faults: 0, aborted: 0, latencyMs: 9, latencyMaxMs: 4, backendLatencyMs: 6, backendHits: 3 },
  };
  const [first, second] = [randomUUID(), randomUUID()];

  await Promise.all([store.add([row], first), store.add([row], first)]);
  await store.add([row], second);
  await store.add([row], first);

  const { rows } = await database.query('SELECT hits::int, status_2xx::int AS ok FROM usage_minutes WHERE api_id = $1', [apiId]);
  await sql.end();
  expect(rows).toEqual([{ hits: 6, ok: 6 }]);
});
