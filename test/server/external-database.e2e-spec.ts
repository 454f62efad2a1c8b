import { Cli } from './cli.js';
import { hasExternalPostgres, ownDatabase } from './own-database.js';

// Without a server to talk to there is nothing to try.
const isReachable = await hasExternalPostgres();
const whenReachable = isReachable ? it : it.skip;
const database = ownDatabase();
const environment = { APIM_DATABASE__URL: database.url, APIM_SUPER_ADMIN__PASSWORD: 'another one', APIM_ENCRYPTION__KEY: 'ab'.repeat(32) };
const basic = (user: string) => ({ authorization: `Basic ${Buffer.from(user).toString('base64')}` });

afterAll(async () => {
  if (isReachable) await database.drop();
});

whenReachable(
  'two servers share one external database, and a gateway serves its last copy while the database is away',
  async () => {
    await database.create();

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
