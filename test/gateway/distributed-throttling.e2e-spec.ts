import { join } from 'node:path';
import { Redis } from 'ioredis';
import { hasRedis, redisAddress } from '../../src/gateway/leases/leases.fixture.js';
import { TcpProxy } from '../../src/gateway/leases/tcp-proxy.fixture.js';
import { Cli } from '../server/cli.js';
import { Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { type GivenSubscriber, given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

/** Nobody else's: it is emptied. */
const DATABASE = 9;
const MINUTE_MS = 60_000;
const ROOM_MS = 25_000;
const isReachable = await hasRedis();
const withRedis = isReachable ? describe : describe.skip;

withRedis('gateways that share their limits', () => {
  let proxy: TcpProxy;
  let gateways: Cli[];

  /** A gateway of its own that follows the tested server's feed. */
  const startGateway = (dataDir?: string): Promise<Cli> =>
    Cli.start(
      {
        APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${join(server.dataDir, 'postgres')}`,
        APIM_GATEWAY__METRICS__ENABLE: 'true',
        APIM_APIM__DISTRIBUTED_THROTTLING__ENABLE: 'true',
        APIM_APIM__DISTRIBUTED_THROTTLING__TYPE: 'valkey',
        APIM_APIM__DISTRIBUTED_THROTTLING__WAIT_MS_MAX: '1000',
        APIM_APIM__DISTRIBUTED_THROTTLING__KEYVALUE_STORE__HOST: '127.0.0.1',
        APIM_APIM__DISTRIBUTED_THROTTLING__KEYVALUE_STORE__PORT: String(proxy.port),
        APIM_APIM__DISTRIBUTED_THROTTLING__KEYVALUE_STORE__DATABASE_ID: String(DATABASE),
        APIM_THROTTLING__DISTRIBUTED__COUNTER__TYPE: 'redis',
        APIM_APIM__REDIS_CONFIG__HOST: redisAddress.host,
        APIM_APIM__REDIS_CONFIG__PORT: String(redisAddress.port),
        APIM_APIM__REDIS_CONFIG__DATABASE_ID: String(DATABASE),
        APIM_APIM__REDIS_CONFIG__KEY_LOCK_RETRIEVAL_TIMEOUT: '1000',
      },
      dataDir,
      ['--profile', 'gateway'],
    );
  const metrics = async ({ management }: Pick<Cli, 'management'>): Promise<string> =>
    String((await new Client('', () => NOBODY, management).request('GET /metrics')).body);
  const sequenceIn = (text: string): number => Number(/^apim_feed_sequence (\d+)$/m.exec(text)?.[1]);
  const allKnowEachOther = () =>
    eventually(
      () => Promise.all(gateways.map(metrics)),
      (texts) => texts.every((text) => text.includes(`apim_shared_counters_gateways{store="quotas"} ${gateways.length}\n`)),
    );

  beforeAll(async () => {
    const redis = new Redis({ ...redisAddress, db: DATABASE });
    await redis.flushdb();
    redis.disconnect();
    proxy = await TcpProxy.start(redisAddress);
    gateways = await Promise.all([startGateway(), startGateway(), startGateway()]);
    await allKnowEachOther();
  }, 180_000);

  afterAll(async () => {
    await Promise.all(gateways.map((each) => each.stop()));
    await proxy.stop();
  });

  /** A subscription to a plan of so many requests a day. */
  const subscribed = async (requestCount: number, further: object = {}): Promise<GivenSubscriber> => {
    const policyName = unique('Plan');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'days', unitTime: 1, requestCount } };
    const body = { policyName, displayName: policyName, description: '', defaultLimit, stopOnQuotaReach: true, ...further };
    const made = await given.superAdmin.admin('POST /throttling/policies/subscription', { body });
    expect(made.status).toBe(201);
    const subscriber = await given.subscriber({ backend: await given.backend(), policies: [policyName], policy: policyName });
    // The tested server has seen all of it: it let a call through.
    const sequence = sequenceIn(await metrics(server));
    for (const each of gateways)
      await eventually(
        async () => sequenceIn(await metrics(each)),
        (seen) => seen >= sequence,
      );
    return subscriber;
  };
  const status = async (cli: Cli, { api, token }: GivenSubscriber): Promise<number> => {
    const response = await fetch(`${cli.gateway}${api.url}/x`, { headers: { authorization: `Bearer ${token}` } });
    await response.text();
    return response.status;
  };

  /** Calls each gateway by several callers at once; gives how often which status came. */
  const callAll = async (cli: readonly Cli[], subscriber: GivenSubscriber, callers: number, each: number) => {
    const seen: Record<number, number> = {};
    const caller = async (gateway: Cli) => {
      for (let i = 0; i < each; i += 1) {
        const answer = await status(gateway, subscriber);
        seen[answer] = (seen[answer] ?? 0) + 1;
      }
    };
    await Promise.all(cli.flatMap((gateway) => Array.from({ length: callers }, () => caller(gateway))));
    return seen;
  };

  it('let through as much as one would', async () => {
    const subscriber = await subscribed(300);

    const seen = await callAll(gateways, subscriber, 8, 25);

    expect(seen).toEqual({ 200: 300, 429: 300 });
  }, 60_000);

  it('share bursts', async () => {
    const left = MINUTE_MS - (Date.now() % MINUTE_MS);
    const subscriber = await subscribed(100_000, { rateLimitCount: 20, rateLimitTimeUnit: 'min' });
    if (left < ROOM_MS)
      await eventually(
        async () => MINUTE_MS - (Date.now() % MINUTE_MS),
        (now) => now > ROOM_MS,
        MINUTE_MS,
      );

    const seen = await callAll(gateways, subscriber, 4, 5);

    expect(seen).toEqual({ 200: 20, 429: 40 });
  }, 120_000);

  it('never exceed the limit when one of them is killed and comes back', async () => {
    const subscriber = await subscribed(120);
    const before = await callAll(gateways, subscriber, 4, 5);
    const [killed, ...others] = gateways as [Cli, Cli, Cli];
    await killed.stop('SIGKILL');
    gateways = [...others, await startGateway(killed.dataDir)];

    const after = await callAll(gateways, subscriber, 6, 10);

    expect(before).toEqual({ 200: 60 });
    expect(after).toEqual({ 200: 60, 429: 120 });
    await allKnowEachOther();
  }, 120_000);

  it('serve their share while the store is away, and say so, and are back without a restart', async () => {
    const subscriber = await subscribed(90);
    const noted = (value: string) => async (cli: Cli) =>
      eventually(
        async () => (await new Client('', () => NOBODY, cli.management).request<Record<string, string>>('GET /readyz')).body,
        (body) => body['sharedCounters'] === value,
      );

    proxy.cut();
    for (const each of gateways) expect(await noted('degraded')(each)).toMatchObject({ status: 'up' });
    const away = await callAll(gateways, subscriber, 4, 15);
    proxy.restore();
    await Promise.all(gateways.map(noted('up')));

    expect(away).toEqual({ 200: 90, 429: 90 });
    await eventually(
      () => callAll(gateways, subscriber, 1, 1),
      (seen) => seen[429] === 3,
    );
    for (const { output } of gateways) expect(output.match(/the shared counters are away/g)).toHaveLength(1);
  }, 120_000);
});
