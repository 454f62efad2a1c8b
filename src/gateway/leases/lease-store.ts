import { randomUUID } from 'node:crypto';
import { Redis, type RedisOptions } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Log } from '../../platform/logging/log.js';
import type { LeaseBoard } from '../engine/throttling/lease-board.js';
import { StoreClock } from './store-clock.js';

/** What a store is reached by. */
export interface StoreSettings {
  /** What it is called in the log. */
  readonly name: string;
  readonly connection: RedisOptions;
  readonly connectTimeoutMs: number;
  /** An answer that takes longer counts as none. */
  readonly waitMs: number;
  /** Never fewer gateways than this are assumed. */
  readonly gatewaysMin: number;
  /** Names this gateway among those that share the store. */
  readonly gatewayId: string;
  /** What all keys begin with. */
  readonly prefix: string;
}

const BEAT_MS = 3_000;
/** A gateway that was not heard of for so long is gone. */
const GONE_MS = 10_000;
const PROBE_MS = 250;
const PROBE_KEY = '#probe';
const RECONNECT_MS_MAX = 1_000;
/** A limiter bounds what is consumed; here that is for the keeper to say. */
const NO_BOUND = Number.MAX_SAFE_INTEGER;
const BORN_SECONDS = 400 * 86_400;

/**
 * The connection to the Redis or Valkey that several gateways keep their counters in. Also counts the gateways, measures the store's clock, and knows whether
 * the store is there, all of which it puts on the board.
 */
export class LeaseStore {
  /** Questions that went to the store. */
  roundTrips = 0;
  private readonly redis: Redis;
  private readonly limiter: RateLimiterRedis;
  private readonly clock = new StoreClock();
  private beats: NodeJS.Timeout | undefined;
  private probes: NodeJS.Timeout | undefined;
  private reason: unknown;
  /** Names the store's contents: another name is another, empty store. */
  private born: string | undefined;
  private isStopped = false;
  /** When it last answered, in time or late. */
  private heardAt = performance.now();

  constructor(
    private readonly settings: StoreSettings,
    private readonly board: LeaseBoard,
    private readonly log: Log,
    private readonly listener: {
      /** It can be asked again. */
      back(): void;
      /** It has lost what it held. */
      emptied(): void;
      /** So many gateways share it. */
      counted(gateways: number): void;
    },
  ) {
    board.isAway = true;
    this.redis = new Redis({
      ...settings.connection,
      connectTimeout: settings.connectTimeoutMs,
      lazyConnect: true,
      // Whoever asks while it is away is answered at once, and nothing is asked twice: a lease that nobody hears of is lost, not doubled.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: (attempt) => Math.min(attempt * 50, RECONNECT_MS_MAX),
    });
    this.limiter = new RateLimiterRedis({ storeClient: this.redis, keyPrefix: settings.prefix, points: NO_BOUND, duration: 1 });
    this.redis.on('error', (err) => {
      this.reason = err;
    });
    this.redis.on('close', () => this.lose(this.reason ?? new Error('the connection was closed')));
    this.redis.on('ready', () => void this.probe());
  }

  get isAway(): boolean {
    return this.board.isAway;
  }

  /** Connects; resolves when that has worked out or failed, after which it is tried for as long as it takes. */
  async start(): Promise<void> {
    this.probes = setInterval(() => void this.probe(), PROBE_MS);
    this.beats = setInterval(() => void this.beat(), BEAT_MS);
    try {
      await this.redis.connect();
      await this.probe();
    } catch (err) {
      this.reason = err;
    }
    if (this.isAway) this.tell(this.reason);
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    clearInterval(this.probes);
    clearInterval(this.beats);
    // A store that does not answer notices by itself that this gateway is gone, when its heartbeat is.
    if (this.redis.status === 'ready') await this.within(this.redis.zrem(this.gatewaysKey, this.settings.gatewayId)).catch(() => undefined);
    this.redis.disconnect();
  }

  /** Adds to a key, which lives on for `seconds` after it was first added to, and gives what it then holds. @throws Error while the store is away */
  async consume(key: string, units: number, seconds: number): Promise<number> {
    this.roundTrips += 1;
    // A late answer still counts; nobody waits for it.
    const stop = this.afterWait((err) => this.lose(err));
    try {
      const { consumedPoints } = await this.limiter.penalty(key, units, { customDuration: seconds });
      this.heardAt = performance.now();
      return consumedPoints;
    } catch (err) {
      this.lose(err);
      throw err;
    } finally {
      stop();
    }
  }

  private get gatewaysKey(): string {
    return `${this.settings.prefix}#gateways`;
  }

  /** Looks whether a store that was away is back, in time. */
  private async probe(): Promise<void> {
    if (!this.isAway || this.isStopped || this.redis.status !== 'ready') return;
    try {
      await this.within(this.beatOnce());
      // A store may take all that, and yet not let this gateway count.
      await this.within(this.limiter.penalty(PROBE_KEY, 1, { customDuration: 1 }));
      this.regain();
    } catch (err) {
      this.reason = err;
      // A connection may be dead without anybody saying so.
      if (performance.now() - this.heardAt > this.settings.connectTimeoutMs) this.reconnect();
    }
  }

  private reconnect(): void {
    this.heardAt = performance.now();
    this.redis.disconnect(true);
  }

  private async beat(): Promise<void> {
    if (this.isAway) return;
    try {
      await this.within(this.beatOnce());
    } catch (err) {
      this.lose(err);
    }
  }

  /** Says that this gateway is here, counts the others, and measures the clock. */
  private async beatOnce(): Promise<void> {
    const { gatewayId, gatewaysMin, prefix } = this.settings;
    const asked = Date.now();
    const [seconds, micros] = await this.redis.time();
    this.heardAt = performance.now();
    this.clock.measured(asked, Number(seconds) * 1_000 + Math.floor(Number(micros) / 1_000), Date.now());
    this.board.aheadMs = this.clock.aheadMs;
    const now = Date.now() + this.clock.aheadMs;
    const answers = await this.redis
      .multi()
      .zadd(this.gatewaysKey, now, gatewayId)
      .zremrangebyscore(this.gatewaysKey, '-inf', now - GONE_MS)
      .zcard(this.gatewaysKey)
      .pexpire(this.gatewaysKey, GONE_MS)
      .set(`${prefix}#born`, randomUUID(), 'EX', BORN_SECONDS, 'NX')
      .get(`${prefix}#born`)
      .expire(`${prefix}#born`, BORN_SECONDS)
      .exec();
    const failed = answers?.find(([err]) => err !== null)?.[0];
    if (failed) throw failed;
    const born = answers?.[5]?.[1];
    if (typeof born !== 'string') throw new Error('the store did not answer in full');
    const gateways = Math.max(gatewaysMin, Number(answers?.[2]?.[1] ?? 1));
    this.board.gateways = gateways;
    this.listener.counted(gateways);
    const isAnother = this.born !== undefined && this.born !== born;
    this.born = born;
    if (isAnother) this.listener.emptied();
  }

  private lose(err: unknown): void {
    if (this.isAway || this.isStopped) return;
    this.board.isAway = true;
    this.tell(err);
  }

  private tell(err: unknown): void {
    const { name } = this.settings;
    this.log.warn(
      { err, store: name, gateways: this.board.gateways },
      'the shared counters are away; this gateway keeps to its share of each limit',
    );
  }

  private regain(): void {
    if (!this.isAway || this.isStopped) return;
    this.reason = undefined;
    this.board.isAway = false;
    this.log.info({ store: this.settings.name, gateways: this.board.gateways }, 'the shared counters are there');
    this.listener.back();
  }

  private async within<T>(answer: Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = this.afterWait(reject);
    try {
      return await Promise.race([answer, promise]);
    } finally {
      stop();
    }
  }

  /** Calls back once an answer takes too long, unless stopped before. */
  private afterWait(late: (err: Error) => void): () => void {
    const { waitMs } = this.settings;
    let isStopped = false;
    const timer = setTimeout(() => {
      // What has arrived while this thread was busy is taken in first.
      setImmediate(() => {
        if (!isStopped) late(new Error(`no answer within ${waitMs} ms`));
      });
    }, waitMs);
    return () => {
      isStopped = true;
      clearTimeout(timer);
    };
  }
}
