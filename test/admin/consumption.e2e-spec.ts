import { randomUUID } from 'node:crypto';
import { DayInvalid, EndsBeforeStart, RangeTooLong, ReportTooLong, TimeInvalid } from '../../src/analytics/consumption.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { unzip } from '../support/archives.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

const today = () => new Date().toISOString().slice(0, 10);
const HOUR_MS = 3_600_000;
/** An hour around now. */
const around = () => ({
  startTime: new Date(Date.now() - HOUR_MS).toISOString(),
  endTime: new Date(Date.now() + HOUR_MS).toISOString(),
});

const counted = async (by: Actor, query: Record<string, string> = around()) =>
  expected(await by.admin<{ count: number }>('GET /transaction-count', { query }), 200).count;
const exported = (by: Actor, query: Record<string, string>) => by.admin<Uint8Array>('GET /export-consumption', { query });
/** The names and texts of the files in the archive. */
const filesOf = async (archive: Uint8Array) => Array.from(await unzip(archive), ([name, content]) => [name, content.toString()] as const);

/** A tenant with a subscriber whose calls the gateway has reported: five that the backend answered. */
const used = async () => {
  const { admin, domain } = await given.organization();
  const backend = await given.backend();
  const { api, application, token } = await given.subscriber({ by: admin, backend, probe: false });
  await eventually(
    () => gateway(`${api.url}/x`, { token }),
    ({ status }) => status === 200,
  );
  for (let call = 0; call < 4; call += 1) await gateway(`${api.url}/x`, { token });
  return { admin, domain, api, application };
};

it('counts what the gateways answered, and writes it down by day, API and application', async () => {
  const { admin, domain, api, application } = await used();
  const other = await given.organization();

  const count = await eventually(
    () => counted(admin),
    (seen) => seen >= 5,
  );

  expect(await counted(other.admin)).toBe(0);
  expect(await counted(given.superAdmin)).toBeGreaterThanOrEqual(count);
  expect(await counted(admin, { startTime: '2001-01-01', endTime: '2001-12-31 23:59:59' })).toBe(0);
  expect(await counted(admin, { startTime: '1009843200', endTime: String(Date.now()) })).toBe(count);
  const answer = await exported(admin, { fromDate: today(), toDate: today() });
  expect(answer.status).toBe(200);
  expect(answer.headers['content-type']).toBe('application/zip');
  expect(answer.headers['content-disposition']).toContain('consumption-report.zip');
  const [[name, text] = ['', ''], ...more] = await filesOf(answer.body);
  expect([name, more]).toEqual([`consumption-${today()}-${today()}.csv`, []]);
  const [header = '', ...lines] = text.trimEnd().split('\r\n');
  const rows = lines.map((line) => Object.fromEntries(header.split(',').map((column, place) => [column, line.split(',')[place]])));
  expect(rows).toContainEqual({
    ...{ day: today(), apiId: api.id, apiName: api.name, apiVersion: '1.0.0', apiProvider: admin.username, environment: 'Default' },
    ...{
      applicationId: application.applicationId,
      applicationName: application.name,
      applicationOwner: 'admin',
      applicationTenant: domain,
    },
    ...{ keyType: 'PRODUCTION', requests: '5', successful: '5', clientErrors: '0', serverErrors: '0', throttled: '0', refused: '0' },
  });
  const others = await filesOf((await exported(other.admin, { fromDate: today(), toDate: today() })).body);
  expect(others).toEqual([[name, `${header}\r\n`]]);
});

/** As a gateway reports it: a request at each of the minutes, and further ones of as many applications on the day of the first. */
const reported = (domain: string, minutes: readonly string[], applications = 0) =>
  withDatabase((database) =>
    database.query(
      `INSERT INTO usage_minutes (minute, organization, environment, api_id, revision_id, method, target, application_id, key_type, hits, status_1xx, status_2xx,
         status_3xx, status_4xx, status_5xx, throttled, refused, faults, aborted, latency_ms, latency_max_ms, backend_latency_ms, backend_hits)
       SELECT minute, $1, 'Default', $3, $3, 'GET', '/*', application, 'PRODUCTION', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1
       FROM unnest($2::timestamptz[]) WITH ORDINALITY AS times (minute, place)
       CROSS JOIN LATERAL (SELECT NULL::uuid AS application UNION ALL SELECT gen_random_uuid() FROM generate_series(1, $4::int) WHERE place = 1) AS callers`,
      [domain, minutes, randomUUID(), applications],
    ),
  );

it('counts a request in one of two periods that meet', async () => {
  const { admin, domain } = await given.organization();
  await reported(domain, ['2026-03-01T09:59Z', '2026-03-01T10:00Z', '2026-03-01T10:01Z']);
  const count = (startTime: string, endTime: string) => counted(admin, { startTime, endTime });

  expect(await count('2026-03-01T09:00', '2026-03-01T10:00')).toBe(1);
  expect(await count('2026-03-01T10:00', '2026-03-01T11:00')).toBe(2);
  expect(await count('2026-03-01T11:00+01:00', '2026-03-01T11:01+01:00')).toBe(1);
  // Minutes of which a part is meant.
  expect(await count('2026-03-01T10:00:30', '2026-03-01T10:01:30')).toBe(2);
});

it('exports no more than fits a table', async () => {
  const { admin, domain } = await given.organization();
  await reported(domain, ['2026-03-01T10:00Z'], 200_000);

  expect(await exported(admin, { fromDate: '2026-03-01', toDate: '2026-03-02' })).toFailWith(ReportTooLong(200_000));
}, 60_000);

describe('refuses', () => {
  it.each([
    [{ endTime: today() }, { status: 400, code: 400, description: 'Validation Error' }],
    [
      { startTime: today(), endTime: ' ' },
      { status: 400, code: 400, description: 'Validation Error' },
    ],
    [{ startTime: 'yesterday', endTime: today() }, TimeInvalid('startTime')],
    [{ startTime: today(), endTime: '2026-02-30' }, TimeInvalid('endTime')],
    [{ startTime: '2026-02-02', endTime: '2026-02-01' }, EndsBeforeStart('endTime', 'startTime')],
  ])('to count %j', async (query, problem) => {
    expect(await given.superAdmin.admin('GET /transaction-count', { query })).toFailWith(problem);
  });

  it.each([
    [{ fromDate: '2026-01-01' }, { status: 400, code: 400, description: 'Validation Error' }],
    [{ fromDate: '01.01.2026', toDate: today() }, DayInvalid('fromDate')],
    [{ fromDate: '2026-01-01', toDate: '2026-01-32' }, DayInvalid('toDate')],
    [{ fromDate: '2026-02-02', toDate: '2026-02-01' }, EndsBeforeStart('toDate', 'fromDate')],
    [{ fromDate: '0000-01-01', toDate: '0000-01-01' }, DayInvalid('fromDate')],
    [{ fromDate: '2024-01-01', toDate: '2025-01-01' }, RangeTooLong(366)],
  ])('to export %j', async (query, problem) => {
    expect(await exported(given.superAdmin, query)).toFailWith(problem);
  });

  it('whoever is no administrator', async () => {
    const { admin } = await given.organization();
    const user = await given.user({ roles: ['Internal/publisher'], by: admin });

    expect(await user.admin('GET /transaction-count', { query: around() })).toFailWith(Unauthenticated());
    expect(await exported(user, { fromDate: today(), toDate: today() })).toFailWith(Unauthenticated());
  });
});
