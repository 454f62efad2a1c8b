import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises';
import type { Limit } from '../engine/throttling/limits.js';
import { RateLimitHeaders } from '../engine/throttling/rate-limit-headers.js';
import { hasRedis, OwnRedis, redisAddress, Sharer, type SharerOptions } from './leases.fixture.js';
import { TcpProxy } from './tcp-proxy.fixture.js';

const isReachable = await hasRedis();
const withRedis = isReachable ? describe : describe.skip;

withRedis('gateways that share a limit', () => {
  let own: OwnRedis;
  let proxy: TcpProxy;
  const sharers: Sharer[] = [];

  beforeEach(async () => {
    own = new OwnRedis();
    proxy = await TcpProxy.start(redisAddress);
  });

  afterEach(async () => {
    await Promise.all(sharers.splice(0).map((sharer) => sharer.stop()));
    await proxy.stop();
    await own.end();
  });

  const start = async (count: number, options: Partial<SharerOptions> = {}): Promise<Sharer[]> => {
    const started: Sharer[] = [];
    // One after the other, so that the last knows of all.
    for (let i = 0; i < count; i += 1) started.push(await Sharer.start({ prefix: own.prefix, gatewaysMin: count, ...options }));
    sharers.push(...started);
    return started;
  };
  const throughProxy = () => ({ host: '127.0.0.1', port: proxy.port });
  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    const end = performance.now() + 15_000;
    while (!(await holds())) {
      if (performance.now() > end) throw new Error('waited in vain');
      await after(5);
    }
  };

  /** Takes one after the other until refused, `times` at most; gives how many passed. */
  const takeAll = async (sharer: Sharer, limits: readonly Limit[], times = Number.POSITIVE_INFINITY, bytes = 0): Promise<number> => {
    for (let passed = 0; passed < times; passed += 1) {
      if (!(await sharer.take(limits, bytes))) return passed;
      // As requests come in, others are served in between.
      await nextTurn();
    }
    return times;
  };
  const concurrently = async (callers: number, call: () => Promise<number>): Promise<number> =>
    (await Promise.all(Array.from({ length: callers }, call))).reduce((sum, passed) => sum + passed, 0);
  const leasesOf = (all: readonly Sharer[]): number => all.reduce((sum, { store }) => sum + store.roundTrips, 0);

  it.each([50_000, 20_000])('are granted all of %i and no more, with one question to the store for fifty requests at most', async (max) => {
    const three = await start(3);

    const passed = await Promise.all(
      three.map((sharer) => {
        const limit = sharer.limit('all', max);
        return concurrently(20, () => takeAll(sharer, [limit]));
      }),
    );

    expect(passed.reduce((sum, each) => sum + each, 0)).toBe(max);
    expect(leasesOf(three)).toBeLessThanOrEqual(max / 50);
  });

  it('leave 99 % of it to whoever comes when the others no longer do', async () => {
    const three = await start(3);
    const limits = three.map((sharer) => sharer.limit('uneven', 20_000));
    const [a, b, c] = limits;
    if (!a || !b || !c) throw new Error('there are three');
    const [first, second, third] = three as [Sharer, Sharer, Sharer];

    const few = (await takeAll(second, [b], 3_001)) + (await takeAll(third, [c], 2_017));
    const rest = await concurrently(10, () => takeAll(first, [a]));

    expect(few).toBe(5_018);
    expect(few + rest).toBeLessThanOrEqual(20_000);
    expect(few + rest).toBeGreaterThanOrEqual(19_800);
  });

  it('count a small limit exactly, unit by unit, at two levels at once', async () => {
    const three = await start(3);

    const passed = await Promise.all(
      three.map((sharer) => {
        const limits = [sharer.limit('large', 1_000_000), sharer.limit('small', 20)];
        return concurrently(15, () => takeAll(sharer, limits));
      }),
    );

    expect(passed.reduce((sum, each) => sum + each, 0)).toBe(20);
    expect(await own.count('small')).toBeGreaterThanOrEqual(20);
  });

  it('ask no more once it is used up', async () => {
    const [only] = (await start(1)) as [Sharer];
    const limit = only.limit('few', 3);
    expect(await takeAll(only, [limit])).toBe(3);
    const asked = only.store.roundTrips;

    for (let i = 0; i < 100; i += 1) expect(await only.take([limit])).toBe(false);

    expect(only.store.roundTrips).toBe(asked);
    expect(limit.isFull(Date.now())).toBe(true);
    expect(limit.left(Date.now())).toBe(0);
  });

  it('let more through in the same window when the limit was raised', async () => {
    const [one, other] = (await start(2)) as [Sharer, Sharer];
    expect(await takeAll(one, [one.limit('raised', 5)])).toBe(5);

    const passed = (await takeAll(one, [one.limit('raised', 10)])) + (await takeAll(other, [other.limit('raised', 10)]));

    expect(passed).toBeLessThanOrEqual(5);
    expect(passed).toBeGreaterThanOrEqual(4);
  });

  it('let the request pass that crosses a limit of bytes, at most one at each gateway, and none after it', async () => {
    const [one, other] = (await start(2)) as [Sharer, Sharer];
    const bytes = { counts: 'bytes' } as const;
    const [a, b] = [one.limit('bytes', 1_000, bytes), other.limit('bytes', 1_000, bytes)];

    const first = await takeAll(one, [a], 3, 300);
    const rest = (await takeAll(other, [b], 9, 300)) + (await takeAll(one, [a], 9, 300));

    expect(first).toBe(3);
    expect(rest).toBeGreaterThanOrEqual(1);
    expect(rest).toBeLessThanOrEqual(2);
    expect(await one.take([a], 1)).toBe(false);
    expect(await other.take([b])).toBe(false);
  });

  it('are told of what is known only afterwards, such as tokens', async () => {
    const [one, other] = (await start(2)) as [Sharer, Sharer];
    const tokens = { counts: 'totalTokens' } as const;
    const limit = one.limit('tokens', 1_000, tokens);
    expect(await one.take([limit])).toBe(true);

    limit.charge(Date.now(), 1_500);
    await until(async () => (await own.count('tokens')) >= 1_500);

    expect(await other.take([other.limit('tokens', 1_000, tokens)])).toBe(false);
    expect(await one.take([limit])).toBe(false);
  });

  it('let everything through a plan that does not stop, and know when it is used up', async () => {
    const [one, other] = (await start(2)) as [Sharer, Sharer];
    const lenient = { isLenient: true } as const;
    const limit = one.limit('lenient', 10, lenient);

    expect(await takeAll(one, [limit], 15)).toBe(15);
    await until(async () => (await own.count('lenient')) >= 10);

    const late = other.limit('lenient', 10, lenient);
    expect(await other.take([late])).toBe(true);
    await until(() => !late.reserve(Date.now(), 1));
  });

  it('know of each other, and of one that left', async () => {
    const three = await start(3, { gatewaysMin: 1 });
    const [first, , last] = three as [Sharer, Sharer, Sharer];
    expect(last.board.gateways).toBe(3);

    await last.stop();

    await until(() => first.board.gateways === 2);
  });

  it('keep each its share while the store is away, less what they were granted, and tell it afterwards', async () => {
    const [one, other] = (await start(2, { address: throughProxy() })) as [Sharer, Sharer];
    const [a, b] = [one.limit('shared', 100), other.limit('shared', 100)];
    expect(await takeAll(one, [a], 30)).toBe(30);

    proxy.cut();
    await until(() => one.board.isAway && other.board.isAway);
    const passed = [await concurrently(5, () => takeAll(one, [a])), await concurrently(5, () => takeAll(other, [b]))];

    expect(passed).toEqual([20, 50]);
    proxy.restore();
    await until(async () => !one.board.isAway && !other.board.isAway && (await own.count('shared')) >= 100);
    expect(await one.take([a])).toBe(false);
    expect(await other.take([b])).toBe(false);
  });

  it('write one line when the store goes and one when it is back', async () => {
    const [one] = (await start(1, { address: throughProxy() })) as [Sharer];
    const limit = one.limit('lines', 1_000);
    const before = one.lines.length;

    proxy.cut();
    await until(() => one.board.isAway);
    expect(await takeAll(one, [limit], 50)).toBe(50);
    await after(400);
    proxy.restore();
    await until(() => !one.board.isAway);

    expect(one.lines.slice(before)).toEqual([
      'the shared counters are away; this gateway keeps to its share of each limit',
      'the shared counters are there',
    ]);
  });

  it('start without the store, and find it later', async () => {
    proxy.cut();
    const [one] = (await start(1, { address: throughProxy(), gatewaysMin: 4 })) as [Sharer];
    const limit = one.limit('late', 100);
    expect(await takeAll(one, [limit])).toBe(25);

    proxy.restore();
    await until(() => !one.board.isAway);

    await until(async () => (await own.count('late')) >= 25);
    expect(await takeAll(one, [limit])).toBe(75);
  });

  it('wait for a slow store no longer than they were told, and only once', async () => {
    const [one] = (await start(1, { address: throughProxy(), waitMs: 60, gatewaysMin: 2 })) as [Sharer];
    const limit = one.limit('slow', 100);
    proxy.delayMs = 600;

    const began = performance.now();
    expect(await one.take([limit])).toBe(true);
    const waited = performance.now() - began;
    const again = performance.now();
    expect(await takeAll(one, [limit])).toBe(49);
    const rest = performance.now() - again;

    expect(waited).toBeGreaterThanOrEqual(55);
    expect(waited).toBeLessThan(400);
    expect(rest).toBeLessThan(400);
    expect(one.board.isAway).toBe(true);
    proxy.delayMs = 0;
    await until(() => !one.board.isAway);
    await until(async () => (await own.count('slow')) >= 50);
    await until(() => one.take([limit]));
    expect(await takeAll(one, [limit])).toBe(49);
  });

  it('find the store again behind a connection that went dead without a word', async () => {
    const [one] = (await start(1, { address: throughProxy(), waitMs: 100 })) as [Sharer];
    const limit = one.limit('dead', 1_000);
    expect(await takeAll(one, [limit], 10)).toBe(10);

    proxy.deaden();
    expect(await takeAll(one, [limit], 100)).toBe(100);
    await until(() => one.board.isAway);

    await until(() => !one.board.isAway);
    await until(async () => (await own.count('dead')) >= 110);
  });

  it('tell a store that has lost everything what they were granted', async () => {
    const [one, other] = (await start(2, { address: throughProxy() })) as [Sharer, Sharer];
    const [a, b] = [one.limit('lost', 100), other.limit('lost', 100)];
    expect((await takeAll(one, [a], 40)) + (await takeAll(other, [b], 50))).toBe(90);

    proxy.cut();
    await until(() => one.board.isAway && other.board.isAway);
    await own.clear();
    proxy.restore();
    await until(async () => !one.board.isAway && !other.board.isAway && (await own.count('lost')) >= 90);

    expect((await takeAll(one, [a])) + (await takeAll(other, [b]))).toBe(10);
  });

  it('tell callers what is left of their share while the store is away, and how long it lasts by the clock of the store', async () => {
    const [one] = (await start(1, { address: throughProxy(), gatewaysMin: 2 })) as [Sharer];
    const limit = one.limit('told', 100);
    const headers = RateLimitHeaders.of({ xRateLimit: true, rateLimit: true });
    const told = () => headers?.tell([limit], Date.now(), undefined) ?? [];
    expect(await takeAll(one, [limit], 30)).toBe(30);
    expect(told()).toEqual(expect.arrayContaining(['X-RateLimit-Remaining', '70']));

    proxy.cut();
    await until(() => one.board.isAway);
    const half = 43_200_000;
    one.board.aheadMs = half - (Date.now() % 86_400_000) - 1_000;
    expect(told().at(-1)).toMatch(/^"subscription";r=\d+;t=4320[01]$/);
    one.board.aheadMs = 0;

    expect(await takeAll(one, [limit], 5)).toBe(5);
    expect(told()).toEqual(expect.arrayContaining(['X-RateLimit-Remaining', '15']));
    expect(await takeAll(one, [limit])).toBe(15);
    expect(told()).toEqual(expect.arrayContaining(['X-RateLimit-Remaining', '0']));
  });

  it('go by the clock of the store', async () => {
    const [one] = (await start(1)) as [Sharer];
    const windowMs = 3_600_000;
    const now = Date.now();
    one.board.aheadMs = windowMs;
    const limit = one.limit('clock', 5, { windowMs });

    expect(await takeAll(one, [limit])).toBe(5);

    const window = Math.floor((now + windowMs) / windowMs);
    expect(await own.redis.keys(`${own.prefix}:clock:*`)).toEqual([`${own.prefix}:clock:${windowMs}:${window}`]);
    expect(limit.windowEnd(now)).toBe((window + 1) * windowMs);
  });

  it('never take the contents of the store for others while it lasts', async () => {
    await start(1);
    await own.redis.expire(`${own.prefix}#born`, 100);

    await start(1);

    expect(await own.redis.ttl(`${own.prefix}#born`)).toBeGreaterThan(1_000_000);
  });

  it('begin anew with the next window, and let go of the last', async () => {
    const [one] = (await start(1)) as [Sharer];
    const limit = one.limit('windows', 3, { windowMs: 1_000 });
    expect(await takeAll(one, [limit])).toBeGreaterThanOrEqual(3);

    await until(() => one.take([limit]));

    const ttl = await one.store.consume('windows-ttl', 1, 61).then(() => own.redis.ttl(`${own.prefix}:windows-ttl`));
    expect(ttl).toBeGreaterThan(50);
  });
});
