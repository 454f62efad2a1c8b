import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli } from './cli.js';

const postgresPid = (server: Cli): number =>
  Number(readFileSync(join(server.dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
const ADMIN = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` };
const APIS = '/api/am/publisher/v4/apis';

it('recovers after the server was killed: the old database is asked to go, the data is there', async () => {
  const first = await Cli.start();
  expect(await first.status(APIS, ADMIN)).toBe(200);
  const orphan = postgresPid(first);
  await first.stop('SIGKILL');

  const second = await Cli.start({}, first.dataDir);

  expect(postgresPid(second)).not.toBe(orphan);
  expect(await second.status(APIS, ADMIN)).toBe(200);
  expect((await second.stop()).code).toBe(0);
});

it('ends when its database was killed, and recovers at the next start', async () => {
  const first = await Cli.start();
  process.kill(postgresPid(first), 'SIGKILL');

  const { code, output } = await first.end();
  const second = await Cli.start({}, first.dataDir);

  expect(code).toBe(1);
  expect(output).toContain('the embedded database ended');
  expect(await second.status(APIS, ADMIN)).toBe(200);
  await second.stop();
});

it('takes the database with it when it stops', async () => {
  const server = await Cli.start();
  const pid = postgresPid(server);

  await server.stop();

  expect(() => process.kill(pid, 0)).toThrow();
});
