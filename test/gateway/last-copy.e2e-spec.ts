import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Pool } from 'pg';
import { DataSource } from 'typeorm';
import type { ApiDocument } from '../../src/domain/gateway-documents.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Transactions } from '../../src/platform/database/transactions.js';
import { Events } from '../../src/platform/events/events.js';
import { Feed } from '../../src/platform/feed/feed.js';
import { Log } from '../../src/platform/logging/log.js';
import { Cli } from '../server/cli.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const socketFolder = join(server.dataDir, 'postgres');
const database = new Pool({ host: socketFolder, user: 'gatehouse', database: 'postgres', max: 1 });

afterAll(() => database.end());

/** A gateway of its own that follows the tested server's feed. */
const startFollower = () =>
  Cli.start({ APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${socketFolder}` }, undefined, [
    '-Dprofile=gateway-worker',
  ]);

/** The same gateway started again, without a database to ask. */
const startCutOff = ({ dataDir }: Cli) =>
  Cli.start({ APIM_DATABASE__URL: 'postgres://nobody@127.0.0.1:1/none' }, dataDir, ['--profile', 'gateway']);

const callThrough = (url: string, token: string) => async (cli: Cli) =>
  (await fetch(`${cli.gateway}${new URL(url, server.gateway).pathname}/x`, { headers: { authorization: `Bearer ${token}` } })).status;

it('a gateway on its own serves its last copy while the control plane is away', async () => {
  const { api, token } = await given.subscriber({ backend: await given.backend() });
  const call = callThrough(api.url, token);
  const follower = await startFollower();
  expect(await call(follower)).toBe(200);
  expect((await follower.stop()).code).toBe(0);

  const cutOff = await startCutOff(follower);

  expect(await call(cutOff)).toBe(200);
  expect(await cutOff.status('/readyz')).toBe(200);
  expect((await cutOff.stop()).code).toBe(0);
});

it('a document that does not link is reported in its acknowledgement and never replaces the good one, nor after a restart', async () => {
  const { api, token } = await given.subscriber({ backend: await given.backend() });
  const follower = await startFollower();
  const { rows } = await database.query<{ organization: string; key: string; body: ApiDocument }>(
    "SELECT organization, key, body FROM gateway_document WHERE kind = 'api' AND body->>'apiId' = $1",
    [api.id],
  );
  const [good] = rows;
  if (!good) throw new Error('the API is not deployed');
  const revisionId = randomUUID();
  const source = await new DataSource({ type: 'postgres', host: socketFolder, username: 'gatehouse', database: 'postgres' }).initialize();
  const operations = good.body.operations.map((operation) => ({ ...operation, target: '/a/{b' }));

  await new Transactions(source, new Events(new Log(new LogConfig()))).run((tx) =>
    new Feed().put(tx, good.organization, 'api', good.key, { ...good.body, revisionId, operations }),
  );
  await source.destroy();

  const acknowledged = await eventually(
    async () =>
      (
        await database.query<{ ok: boolean; error: string | null }>(
          'SELECT ok, error FROM gateway_acknowledgements WHERE api_id = $1 AND revision_id = $2',
          [api.id, revisionId],
        )
      ).rows,
    (found) => found.length > 1,
  );
  const refusal = { ok: false, error: expect.stringContaining('unbalanced braces') };
  expect(acknowledged).toEqual([refusal, refusal]);
  expect((await gateway(`${api.url}/x`, { token })).status).toBe(200);
  await follower.stop();
  const cutOff = await startCutOff(follower);
  expect(await callThrough(api.url, token)(cutOff)).toBe(200);
  await cutOff.stop();
});
