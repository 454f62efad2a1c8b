import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { Cli, freeOffset, temporaryFolder } from './cli.js';

const ADMIN = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` };
const APIS = '/api/am/publisher/v4/apis';

const until = async (check: () => boolean): Promise<void> => {
  while (!check()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** Processes that have the folder in their command line. */
const processesOn = (folder: string): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
      } catch {
        return false; // ended meanwhile
      }
    });

it('takes the echo of a signal, as npm sends it, for the same wish and still stops in order', async () => {
  const server = await Cli.start();

  // Two of one kind may reach the process as one.
  server.child.kill('SIGINT');
  server.child.kill('SIGTERM');

  expect((await server.end()).code).toBe(0);
  expect(existsSync(join(server.dataDir, 'server.lock'))).toBe(false);
  expect(processesOn(server.dataDir)).toEqual([]);
});

it('answers a management request that runs when the stop begins, however slowly its body comes', async () => {
  const server = await Cli.start();
  const body = JSON.stringify({ name: 'Slow', context: '/slow', version: '1.0.0' });
  const headers = { ...ADMIN, 'content-type': 'application/json', 'content-length': String(body.length) };
  const slow = request(`${server.management}${APIS}`, { method: 'POST', headers, rejectUnauthorized: false });
  const answered = new Promise<number | undefined>((resolve, reject) => {
    slow.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
  await new Promise<void>((resolve) => slow.write(body.slice(0, 10), () => resolve()));
  expect(await server.status('/healthz')).toBe(200);

  server.child.kill('SIGTERM');
  // Longer than idle connections are waited for.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  slow.end(body.slice(10));

  expect(await answered).toBe(201);
  expect((await server.end()).code).toBe(0);
});

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s during the start leaves no database behind: code %d',
  async (signal, code) => {
    const server = Cli.run(['start'], {}, await freeOffset());
    const pidFile = join(server.dataDir, 'postgres', 'postmaster.pid');
    await until(() => existsSync(pidFile) && readFileSync(pidFile, 'utf8').includes('ready'));

    server.child.kill(signal);

    expect((await server.end()).code).toBe(code);
    await until(() => processesOn(server.dataDir).length === 0);
  },
  60_000,
);

it('begins the database anew when its first initialization was interrupted', async () => {
  const dataDir = temporaryFolder();
  // What a killed initdb leaves: the version file is among the first.
  mkdirSync(join(dataDir, 'postgres', 'base'), { recursive: true, mode: 0o700 });
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '18\n');
  writeFileSync(join(dataDir, 'postgres.unfinished'), '');

  const server = await Cli.start({}, dataDir);

  expect(await server.status(APIS, ADMIN)).toBe(200);
  expect(existsSync(join(dataDir, 'postgres.unfinished'))).toBe(false);
  await server.stop();
});

it('signals nobody whose process number an old database had', async () => {
  const first = await Cli.start();
  const pidFile = join(first.dataDir, 'postgres', 'postmaster.pid');
  const text = readFileSync(pidFile, 'utf8');
  await first.stop();
  const bystander = await Cli.start();
  writeFileSync(pidFile, text.replace(/^\d+/, String(bystander.child.pid)), { mode: 0o600 });

  const second = await Cli.start({}, first.dataDir);

  expect(await second.status(APIS, ADMIN)).toBe(200);
  expect(await bystander.status('/readyz')).toBe(200);
  await Promise.all([second.stop(), bystander.stop()]);
});

it('refuses data of another Postgres with one line', async () => {
  const dataDir = temporaryFolder();
  mkdirSync(join(dataDir, 'postgres'), { mode: 0o700 });
  writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '12\n');

  const { code, output } = await Cli.run(['start'], {}, await freeOffset(), dataDir).end();

  expect(code).toBe(2);
  expect(output.trim().split('\n')).toEqual([expect.stringMatching(/is of Postgres 12, this release brings Postgres \d+; dump it/)]);
});

it('runs eight helper threads, as many as UV_THREADPOOL_SIZE says, or as the environment says', async () => {
  const helpers = async (environment: NodeJS.ProcessEnv): Promise<number> => {
    const server = await Cli.start(environment);
    const tasks = `/proc/${server.child.pid}/task`;
    const names = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'comm'), 'utf8').trim());
    await server.stop();
    return names.filter((name) => name === 'libuv-worker').length;
  };

  expect(await helpers({})).toBe(8);
  expect(await helpers({ UV_THREADPOOL_SIZE: '5' })).toBe(5);
});

it('of two servers that start at once on one data folder, one runs and the other says why not', async () => {
  const dataDir = temporaryFolder();
  const [offset, other] = [await freeOffset(), await freeOffset()];

  const servers = [Cli.run(['start'], {}, offset, dataDir), Cli.run(['start'], {}, other, dataDir)];
  const refused = await Promise.race(servers.map((server) => server.end()));
  const running = servers.find(({ child }) => child.exitCode === null);

  expect(refused).toEqual({ code: 2, output: expect.stringMatching(/is in use by process \d+/) });
  await running?.ready();
  expect((await running?.stop())?.code).toBe(0);
});
