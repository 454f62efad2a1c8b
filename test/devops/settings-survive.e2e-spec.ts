import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

/** The APIs of a server of its own: what is switched here is switched for everybody on the server. */
const faces = (cli: Cli) => {
  const administrator = () => ({ basic: { username: 'admin', password: 'admin' } });
  const face = (base: string) => new Client(base, administrator, cli.management);
  const open = (origin: string) => new Client('', () => NOBODY, origin);
  return {
    publisher: face('/api/am/publisher/v4'),
    devops: face('/api/am/devops/v0'),
    management: open(cli.management),
    gateway: open(cli.gateway),
  };
};
type Faces = ReturnType<typeof faces>;

const linesOf = (cli: Cli, file: string, text: string): readonly string[] => {
  try {
    return readFileSync(join(cli.dataDir, 'logs', file), 'utf8')
      .split('\n')
      .filter((line) => line.includes(text));
  } catch {
    return []; // nothing was written yet
  }
};
const partsOf = (line: string) => line.split('|');

const deployed = async ({ publisher }: Faces, url: string): Promise<string> => {
  const operations = [{ target: '/*', verb: 'GET', authType: 'None', throttlingPolicy: 'Unlimited' }];
  const endpointConfig = { endpoint_type: 'http', production_endpoints: { url } };
  const body = { name: 'Books', context: '/books', version: '1.0.0', policies: ['Unlimited'], operations, endpointConfig };
  const { id } = expected(await publisher.request<{ id: string }>('POST /apis', { body }), 201);
  const path = { apiId: id };
  expected(await publisher.request('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
  const revision = expected(await publisher.request<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const environments = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
  const query = { revisionId: revision.id };
  expected(await publisher.request('POST /apis/{apiId}/deploy-revision', { path, query, body: environments }), 201);
  return id;
};

/** Calls the API, and the management port, under one name until what is written of it fulfils the condition; gives that name. */
const callUntil = (cli: Cli, isSo: (id: string) => boolean): Promise<string> =>
  eventually(async () => {
    const { gateway, management } = faces(cli);
    const id = unique('id');
    await gateway.request('GET /books/1.0.0/x?token=s3cret', { headers: { activityid: id } });
    await management.request('GET /healthz?token=s3cret&a=b', { headers: { activityid: id } });
    // Lines leave the gateway once a second.
    const end = Date.now() + 2_500;
    await eventually(
      async () => isSo(id) || Date.now() > end,
      (isDone) => isDone,
    );
    return id;
  }, isSo);

it('writes what was switched on before a restart, in both logs, and stops when it is switched off', async () => {
  const backend = await given.backend();
  const first = await Cli.start();
  const apiId = await deployed(faces(first), backend.url);
  const path = { tenant: 'carbon.super', apiId };
  const { devops } = faces(first);
  expected(await devops.request('PUT /tenant-logs/{tenant}/apis/{apiId}', { path, body: { logLevel: 'STANDARD' } }), 200);
  const components = [
    { name: 'http', enabled: 'true' },
    { name: 'jdbc', enabled: 'true', properties: [{ name: 'deniedThreads', value: ['background'] }] },
  ];
  expected(await devops.request('PUT /config/correlation', { body: { components } }), 200);
  await callUntil(first, (id) => linesOf(first, 'api.log', id).length === 4);
  await first.stop();

  const second = await Cli.start({}, first.dataDir);
  const id = await callUntil(second, (each) => linesOf(second, 'api.log', each).length === 4 && lines(each).length === 6);
  function lines(text: string) {
    return linesOf(second, 'correlation.log', text).map(partsOf);
  }

  const again = faces(second).devops;
  const kept = expected(await again.request<{ apis: readonly object[] }>('GET /tenant-logs/{tenant}/apis/{apiId}', { path }), 200);
  expect(kept.apis[0]).toMatchObject({ logLevel: 'STANDARD', resourceMethod: null });
  expect(lines(id).filter((parts) => parts[2] === 'management')).toEqual([
    [expect.any(String), id, 'management', '0', 'HTTP-In-Request', expect.any(String), 'GET', 'token=***&a=b', '/healthz'],
    [expect.any(String), id, 'management', expect.any(String), 'HTTP-In-Response', expect.any(String), 'GET', 'token=***&a=b', '/healthz'],
  ]);
  expect(lines(id).flatMap(([, , thread, , type]) => (thread === 'gateway' ? [type] : []))).toEqual([
    'HTTP State Transition',
    'BACKEND LATENCY',
    'ROUND-TRIP LATENCY',
    'HTTP State Transition',
  ]);

  // The statements of a request stand under its name; those of the server's own work are denied.
  const asked = unique('id');
  const { headers } = await again.request('GET /config/correlation', { headers: { activityid: asked } });
  expect(headers['activityid']).toBe(asked);
  const statements = await eventually(
    async () => lines(asked).filter((parts) => parts[4] === 'jdbc' && parts.join().includes('correlation_components')),
    (found) => found.length > 0,
  );
  expect(statements[0]?.slice(6)).toEqual(['query', expect.stringMatching(/^SELECT /), 'postgresql']);
  expect(lines('|background|')).toEqual([]);

  expected(await again.request('PUT /tenant-logs/{tenant}/apis/{apiId}', { path, body: { logLevel: 'OFF' } }), 200);
  const off = components.map(({ name }) => ({ name, enabled: 'false' }));
  expected(await again.request('PUT /config/correlation', { body: { components: off } }), 200);
  await callUntil(second, (each) => linesOf(second, 'api.log', each).length === 0 && lines(each).length === 0);
  expect(linesOf(second, 'correlation.log', 's3cret')).toEqual([]);
  await second.stop();
});
