import { type Body, Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';

const ADMIN = { basic: { username: 'admin', password: 'Passw0rd1' } };

it('counts requests of a control plane by face, operation and status, and tells of each in the debug log', async () => {
  const environment = {
    APIM_GATEWAY__METRICS__ENABLE: 'true',
    APIM_LOG__LEVEL: 'debug',
    APIM_SUPER_ADMIN__PASSWORD: ADMIN.basic.password,
    APIM_ENCRYPTION__KEY: '12'.repeat(32),
  };
  const server = await Cli.start(environment, undefined, ['--profile', 'control-plane']);
  const client = new Client('', () => ADMIN, server.management);
  const LABELS = '/api/am/admin/v4/labels';

  expect((await client.request(`POST ${LABELS}`, { body: { name: 'secret-name', description: '' } })).status).toBe(201);
  expect((await client.request(`POST ${LABELS}`, { body: { name: 'secret-name', description: '' } })).status).toBe(409);
  expect((await client.request(`PUT ${LABELS}/secret-id`, { body: { name: 'n', description: '' } })).status).toBe(404);
  expect((await client.request(`GET ${LABELS}`, { as: NOBODY })).status).toBe(401);
  expect((await client.request('GET /nowhere/secret-path')).status).toBe(404);

  const wanted = [
    'face="admin",operation="POST /labels",status="201"} 1',
    'face="admin",operation="POST /labels",status="409"} 1',
    'face="admin",operation="PUT /labels/{labelId}",status="404"} 1',
    'face="admin",operation="GET /labels",status="401"} 1',
    'face="other",operation="other",status="404"} 1',
  ];
  const text = await eventually(
    async () => String((await client.request('GET /metrics', { as: NOBODY })).body),
    (figures) => wanted.every((line) => figures.includes(`apim_management_requests_total{${line}`)),
  );
  expect(text).not.toContain('secret-');
  expect(text).toMatch(/apim_management_request_duration_seconds_bucket\{face="admin",operation="POST \/labels",le="\+Inf"\} 2/);
  const statements = /apim_management_request_statements_sum\{face="admin",operation="POST \/labels"\} (\d+)/.exec(text)?.[1];
  expect(Number(statements)).toBeGreaterThan(5);
  expect(text).toContain('process_resident_memory_bytes');
  expect(text).not.toContain('apim_gateway_workers');
  await server.stop();
  const lines = server.output.split('\n').filter((line) => line.includes('"msg":"request"'));
  const requests = lines.map((line) => JSON.parse(line) as Body); // lines of the log are objects
  expect(requests).toContainEqual(
    expect.objectContaining({
      ...{ face: 'admin', operation: 'POST /labels', status: 201 },
      statements: expect.any(Number),
      user: 'admin@carbon.super',
    }),
  );
  expect(lines.join('\n')).not.toContain('secret-');
});
