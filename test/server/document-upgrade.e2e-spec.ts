import { join } from 'node:path';
import { Client } from 'pg';
import { Cli } from './cli.js';

const PUBLISHER = '/api/am/publisher/v4';
const API_COUNT = Number(process.env['UPGRADED_APIS'] ?? 2);

const inDatabase = async <T>(server: Cli, sql: string): Promise<T[]> => {
  const client = new Client({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
};

const deployed = async (server: Cli, name: string): Promise<void> => {
  const ok = async (path: string, body: object) => {
    const answer = await server.post(`${PUBLISHER}${path}`, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer)}`);
    return answer.body as { readonly id: string };
  };
  const { id } = await ok('/apis', { name, context: `/${name}`, version: '1', policies: ['Unlimited'], endpointConfig: ENDPOINT });
  const revision = await ok(`/apis/${id}/revisions`, {});
  await ok(`/apis/${id}/deploy-revision?revisionId=${revision.id}`, [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }]);
};
const ENDPOINT = { endpoint_type: 'default', production_endpoints: { url: 'default' } };

const OF_APIS = "FROM gateway_document WHERE kind = 'api' AND NOT deleted";
const UPGRADED = `SELECT 1 ${OF_APIS} AND body -> 'endpoints' ->> 'isDynamic' = 'true'`;

it('writes the documents of what is deployed anew at the first start after an upgrade, and at no other', async () => {
  const first = await Cli.start();
  for (let i = 0; i < API_COUNT; i += 1) await deployed(first, `Api${i}`);
  // As a release before this one has left it.
  await inDatabase(first, `UPDATE gateway_document SET body = body #- '{endpoints,isDynamic}' WHERE kind = 'api'`);
  await inDatabase(first, 'DELETE FROM gateway_document_version');
  expect(await inDatabase(first, UPGRADED)).toEqual([]);
  await first.stop();

  const second = await Cli.start({}, first.dataDir);
  const end = Date.now() + 20_000;
  while (!second.output.includes('were written anew') && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
  const upgraded = await inDatabase(second, UPGRADED);
  const [before] = await inDatabase<{ seq: string }>(second, `SELECT max(seq) AS seq ${OF_APIS}`);
  await second.stop();
  const third = await Cli.start({}, first.dataDir);
  const [after] = await inDatabase<{ seq: string }>(third, `SELECT max(seq) AS seq ${OF_APIS}`);
  await third.stop();

  expect(upgraded).toHaveLength(API_COUNT);
  expect(second.output).toContain(`"apis":${API_COUNT}`);
  expect(after).toEqual(before);
}, 120_000);
