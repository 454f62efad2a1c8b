import { join } from 'node:path';
import { Pool } from 'pg';
import { Agent, fetch } from 'undici';
import { unzip } from '../support/archives.js';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const headers = { authorization: `Basic ${btoa('admin:admin')}` };

/** One request at each of the minutes, by nobody's application. */
const USED = `INSERT INTO usage_minutes (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type, hits, status_1xx, status_2xx,
    status_3xx, status_4xx, status_5xx, throttled, refused, faults, aborted, latency_ms, latency_max_ms, backend_latency_ms, backend_hits)
  SELECT minute, 'carbon.super', 'Default', gen_random_uuid(), gen_random_uuid(), 'GET', '/*', NULL, 'PRODUCTION', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1
  FROM unnest($1::timestamptz[]) AS minute`;

it('means days in UTC, whatever the time zone of the database', async () => {
  const first = await Cli.start();
  const database = () => new Pool({ host: join(first.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
  const before = database();
  await before.query(USED, [['2026-03-28T23:59Z', '2026-03-29T00:00Z', '2026-03-29T23:59Z', '2026-03-30T00:00Z']]);
  // The day on which summer time begins there.
  await before.query(`ALTER DATABASE postgres SET timezone = 'Europe/Zurich'`);
  await before.end();
  await first.stop();

  const second = await Cli.start({}, first.dataDir);
  const url = `${second.management}/api/am/admin/v4/export-consumption?fromDate=2026-03-29&toDate=2026-03-29`;
  const response = await fetch(url, { dispatcher: insecure, headers });
  const files = await unzip(new Uint8Array(await response.arrayBuffer()));
  await second.stop();

  const lines = [...files.values()].join('').trimEnd().split('\r\n').slice(1);
  expect(lines.map((line) => line.split(',')[0])).toEqual(['2026-03-29', '2026-03-29']);
}, 180_000);
