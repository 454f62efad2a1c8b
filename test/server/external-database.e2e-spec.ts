import { randomBytes } from 'node:crypto';
import { Pool } from 'pg';
import { Cli } from './cli.js';

const address = process.env['DATABASE_URL'] ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const admin = new Pool({ connectionString: address, max: 1, connectionTimeoutMillis: 2_000 });
const name = `gatehouse_${randomBytes(6).toString('hex')}`;
const reachable = await admin.query('SELECT 1').then(
  () => true,
  () => false,
);
// Without a server to talk to there is nothing to try; in CI there must be one.
const whenReachable = reachable || process.env['CI'] ? it : it.skip;

const url = () => {
  const own = new URL(address);
  own.pathname = `/${name}`;
  return own.toString();
};
const environment = { APIM_DATABASE__URL: url(), APIM_SUPER_ADMIN__PASSWORD: 'another one', APIM_ENCRYPTION__KEY: 'ab'.repeat(32) };
const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });

afterAll(async () => {
  if (reachable) await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.end();
});

whenReachable(
  'two servers share one external database, and a gateway serves its last copy while the database is away',
  async () => {
    await admin.query(`CREATE DATABASE ${name}`);

    // Both migrate at once: the lock lets one of them do it.
    const [first, second] = await Promise.all([
      Cli.start(environment),
      Cli.start({ ...environment }, undefined, ['--profile', 'control-plane']),
    ]);

    expect(await first.status('/api/am/publisher/v4/apis', basic('admin:another one'))).toBe(200);
    expect(await second.status('/api/am/publisher/v4/apis', basic('admin:another one'))).toBe(200);
    expect(await first.status('/api/am/publisher/v4/apis', basic('admin:admin'))).toBe(401);

    const gateway = await Cli.start(environment, undefined, ['--profile', 'gateway']);
    expect(await gateway.status('/api/am/publisher/v4/apis', basic('admin:another one'))).toBe(404);
    await gateway.stop();
    const cutOff = await Cli.start({ ...environment, APIM_DATABASE__URL: 'postgres://nobody@127.0.0.1:1/none' }, gateway.dataDir, [
      '-Dprofile=gateway-worker',
    ]);
    expect(await cutOff.status('/readyz')).toBe(200);

    await Promise.all([first.stop(), second.stop(), cutOff.stop()]);
  },
  120_000,
);
