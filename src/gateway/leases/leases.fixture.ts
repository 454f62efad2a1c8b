import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Log } from '../../platform/logging/log.js';
import { SubscriptionThrottled } from '../engine/refusal.js';
import { CounterTable, createCounterTable } from '../engine/throttling/counters.js';
import { createLeaseBoard, LeaseBoard } from '../engine/throttling/lease-board.js';
import { LeasedLimit } from '../engine/throttling/leased-limit.js';
import { Leases } from '../engine/throttling/leases.js';
import { chargeAll, chargeLater, type Limit, type LimitRule } from '../engine/throttling/limits.js';
import { LeaseKeeper } from './lease-keeper.js';
import { LeaseStore } from './lease-store.js';

const address = new URL(process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379');

export const redisAddress = { host: address.hostname, port: Number(address.port || 6379) };

/** Whether there is a Redis; in CI there must be one. */
export const hasRedis = async (): Promise<boolean> => {
  if (process.env['CI'] !== undefined) return true;
  const redis = new Redis({ ...redisAddress, lazyConnect: true, retryStrategy: () => null });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return true;
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
};

/** A part of the real Redis that a test has for itself. */
export class OwnRedis {
  readonly prefix = `gatehouse-test-${randomUUID()}`;
  readonly redis = new Redis(redisAddress);

  /** What is counted under a key, over all of its windows. */
  async count(key: string): Promise<number> {
    const names = await this.redis.keys(`${this.prefix}:${key}:*`);
    const counts = await Promise.all(names.map((name) => this.redis.get(name)));
    return counts.reduce((sum, count) => sum + Number(count), 0);
  }

  /** Forgets everything, as a server does that is started anew. */
  async clear(): Promise<void> {
    const names = await this.redis.keys(`${this.prefix}*`);
    if (names.length > 0) await this.redis.del(names);
  }

  async end(): Promise<void> {
    await this.clear();
    this.redis.disconnect();
  }
}

export interface SharerOptions {
  readonly prefix: string;
  readonly address?: { readonly host: string; readonly port: number };
  readonly waitMs?: number;
  readonly gatewaysMin?: number;
}

/** One gateway as far as shared limits go: a worker's side and the main thread's, in one thread. */
export class Sharer {
  /** What it wrote to the log. */
  readonly lines: string[] = [];
  readonly board: LeaseBoard;
  readonly store: LeaseStore;
  private readonly table = new CounterTable(createCounterTable({ slots: 1 << 14, segments: 2 }));
  private readonly keeper: LeaseKeeper;
  private readonly leases: Leases;

  private constructor({ prefix, address: at = redisAddress, waitMs = 1_000, gatewaysMin = 1 }: SharerOptions) {
    const buffer = createLeaseBoard(gatewaysMin);
    this.board = new LeaseBoard(buffer);
    const write = (_fields: object, line: string) => this.lines.push(line);
    // The store writes no other lines.
    const log = { warn: write, info: write } as unknown as Log;
    this.store = new LeaseStore(
      { name: 'test', connection: at, connectTimeoutMs: 3_000, waitMs, gatewaysMin, gatewayId: randomUUID(), prefix },
      this.board,
      log,
      { back: () => this.keeper.back(), emptied: () => this.keeper.emptied(), counted: () => undefined },
    );
    this.keeper = new LeaseKeeper(this.table, this.board, this.store);
    this.leases = new Leases({ board: buffer, waitMs, chargeMs: 1 }, (questions) => {
      for (const question of questions) this.keeper.ask(question, (id) => this.leases.answered([id]));
    });
  }

  static async start(options: SharerOptions): Promise<Sharer> {
    const sharer = new Sharer(options);
    sharer.keeper.start();
    await sharer.store.start();
    return sharer;
  }

  limit(key: string, max: number, further: Partial<LimitRule> = {}): LeasedLimit {
    // A day, so that no test falls on the edge of a window but at midnight.
    const rule: LimitRule = { counts: 'requests', max, windowMs: 86_400_000, isLenient: false, refusal: SubscriptionThrottled, ...further };
    return new LeasedLimit(this.table, key, rule, this.leases);
  }

  /** Charges as a request does; gives whether it passes. */
  async take(limits: readonly Limit[], bytes = 0): Promise<boolean> {
    const now = Date.now();
    const reached = chargeAll(limits, now, bytes);
    const more = reached?.more(now, reached.amountOf(bytes));
    const last = more === undefined ? reached : await chargeLater(limits, bytes, more, () => now);
    return last === undefined || last.isLenient;
  }

  async stop(): Promise<void> {
    this.keeper.stop();
    await this.store.stop();
  }
}
