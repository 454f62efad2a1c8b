import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { Redis } from 'ioredis';
import { generate } from 'selfsigned';
import { loadConfig } from '../../platform/config/load.js';
import type { Log } from '../../platform/logging/log.js';
import { createCounterTable } from '../engine/throttling/counters.js';
import { hasRedis, redisAddress } from './leases.fixture.js';
import { SharedCounters } from './shared-counters.js';

const DATABASE = 8;
const isReachable = await hasRedis();
const withRedis = isReachable ? it : it.skip;
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-leases-'));
const started: SharedCounters[] = [];
const redis = new Redis({ ...redisAddress, db: DATABASE, lazyConnect: true });

afterEach(() => Promise.all(started.splice(0).map((shared) => shared.stop())));
afterAll(() => redis.disconnect());

/** Of a gateway whose configuration has these lines. */
const sharedBy = (toml: string): SharedCounters => {
  const file = join(folder, `${randomUUID()}.toml`);
  writeFileSync(file, toml);
  const { config } = loadConfig(file, {});
  // It writes no other lines.
  const log = { warn: () => undefined, info: () => undefined } as unknown as Log;
  return new SharedCounters(config.apim, config.throttling, log);
};
const newFolder = (): string => mkdtempSync(join(folder, 'data-'));
const start = async (toml: string, dataFolder = newFolder()): Promise<SharedCounters> => {
  const shared = sharedBy(toml);
  started.push(shared);
  await shared.start(createCounterTable(), randomUUID(), dataFolder);
  return shared;
};
const quotasAt = (store: string): string =>
  `[apim.distributed_throttling]\nenable = true\nwait_ms_max = 1000\n[apim.distributed_throttling.keyvalue_store]\ndatabase_id = ${DATABASE}\n${store}`;
const address = `host = "${redisAddress.host}"\nport = ${redisAddress.port}`;

it('nothing is shared, and nobody connects, unless the configuration says so', async () => {
  const shared = await start('[apim.redis_config]\nhost = "192.0.2.1"');

  expect(shared.settings).toBeUndefined();
  expect(shared.areAway).toBeUndefined();
  expect(shared.state).toEqual([]);
});

it('quotas and bursts are switched on by themselves, each with its own bound', () => {
  const both = sharedBy(`${quotasAt('')}\n[throttling.distributed]\ncounter.type = "redis"\n[apim.redis_config]\nmin_gateway_count = 3`);

  expect(both.settings?.quotas).toMatchObject({ waitMs: 1_000, chargeMs: 10 });
  expect(both.settings?.bursts).toMatchObject({ waitMs: 50 });
  expect(sharedBy('[throttling.distributed]\ncounter.type = "redis"').settings?.quotas).toBeUndefined();
});

it('certificates that cannot be read stop the start', async () => {
  const start = sharedBy(quotasAt(`ssl = true\nssl_ca_file = "${join(folder, 'none.pem')}"`)).start(createCounterTable(), 'id', folder);

  await expect(start).rejects.toThrow(/ssl_ca_file/);
});

withRedis('signs in to the store by name and password', async () => {
  const name = `gatehouse-${randomUUID()}`;
  await redis.acl('SETUSER', name, 'on', '>right', '~*', '+@all');
  try {
    const right = await start(quotasAt(`${address}\nuser = "${name}"\npassword = "right"`));
    const wrong = await start(quotasAt(`${address}\nuser = "${name}"\npassword = "wrong"`));

    expect(right.areAway).toBe(false);
    expect(wrong.areAway).toBe(true);
  } finally {
    await redis.acl('DELUSER', name);
  }
});

withRedis('counts a store as away that takes everything but counts', async () => {
  const name = `gatehouse-${randomUUID()}`;
  await redis.acl('SETUSER', name, 'on', '>right', '~*', '+@all', '-eval', '-evalsha');
  try {
    const shared = await start(quotasAt(`${address}\nuser = "${name}"\npassword = "right"`));

    expect(shared.areAway).toBe(true);
  } finally {
    await redis.acl('DELUSER', name);
  }
});

withRedis('knows after a restart without the store how many share it, and never fewer than is configured', async () => {
  const [one, two] = [newFolder(), newFolder()];
  const nowhere = 'host = "127.0.0.1"\nport = 1';
  await redis.del('wso2_throttler#gateways');
  await start(quotasAt(address), one);
  await start(quotasAt(address), two);
  await Promise.all(started.splice(0).map((shared) => shared.stop()));

  const later = await start(quotasAt(nowhere), two);
  const stranger = await start(quotasAt(nowhere));
  const configured = await start(`${quotasAt(nowhere)}\n[apim.redis_config]\nmin_gateway_count = 5`, two);

  expect([later, stranger, configured].map(({ state }) => state)).toEqual(
    [2, 1, 5].map((gateways) => [expect.objectContaining({ isAway: true, gateways })]),
  );
});

withRedis('speaks TLS to a store whose certificate it can tell, and to no other', async () => {
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
  });
  const file = join(folder, 'store.pem');
  writeFileSync(file, cert);
  const server: Server = createServer({ cert, key }, (client) => {
    const store = connect(redisAddress);
    client.pipe(store).pipe(client);
    for (const socket of [client, store])
      socket.on('error', () => undefined).on('close', () => [client, store].map((each) => each.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const at = `host = "localhost"\nport = ${(server.address() as AddressInfo).port}\nssl = true`; // listening on TCP
  try {
    const known = await start(quotasAt(`${at}\nssl_ca_file = "${file}"`));
    const unknown = await start(quotasAt(at));

    expect(known.areAway).toBe(false);
    expect(unknown.areAway).toBe(true);
  } finally {
    await Promise.all(started.splice(0).map((shared) => shared.stop()));
    server.close();
  }
});
