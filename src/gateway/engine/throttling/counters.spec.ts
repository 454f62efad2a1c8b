import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { transformSync } from '@swc/core';
import fc from 'fast-check';
import { CounterTable, createCounterTable } from './counters.js';

const SLOTS = 1 << 14;
const MINUTE = 60_000;
const NOON = Date.UTC(2026, 4, 4, 12);
const tableOf = (segments = 1): CounterTable =>
  // Where keys fall is decided by the seed: a test must not depend on it.
  new CounterTable(createCounterTable({ slots: SLOTS, segments, seed: [7, 11] }));
const slotOf = (table: CounterTable, key: string, now = NOON, windowMs = MINUTE): number => {
  const { hi, lo } = table.hash(key);
  return table.slot(hi, lo, windowMs, now);
};

it('counts like a sum, below, at and beyond the carry, and back', () => {
  const amount = fc.oneof(fc.integer({ min: -1_000, max: 1_000 }), fc.integer({ min: -(2 ** 34), max: 2 ** 34 }));
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 40 }), (amounts) => {
      const table = tableOf();
      const slot = slotOf(table, 'key');
      let sum = 0;
      for (const each of amounts) {
        expect(table.add(slot, each)).toBe(sum);
        sum += each;
        expect(table.read(slot)).toBe(sum);
      }
    }),
    { numRuns: 50 },
  );
});

it('keeps keys and windows apart, and finds each again', () => {
  const table = tableOf();
  const slots = new Set<number>();
  for (let i = 0; i < 2_000; i += 1) {
    slots.add(slotOf(table, `key-${i}`));
    slots.add(slotOf(table, `key-${i}`, NOON, MINUTE * 60));
  }

  expect(slots.size).toBe(4_000);
  expect(slotOf(table, 'key-7', NOON + MINUTE - 1)).toBe(slotOf(table, 'key-7', NOON));
  expect(slotOf(table, 'key-7', NOON + MINUTE)).not.toBe(slotOf(table, 'key-7', NOON));
});

it('grows when buckets fill up, and says so by -1 only when it may not grow any more', () => {
  const small = tableOf(1);
  const large = tableOf(3);
  let refused = 0;
  for (let i = 0; i < SLOTS; i += 1) {
    if (slotOf(small, `key-${i}`) < 0) refused += 1;
    expect(slotOf(large, `key-${i}`)).toBeGreaterThanOrEqual(0);
  }

  expect(refused).toBeGreaterThan(0);
  expect(slotOf(large, 'key-1')).toBe(slotOf(large, 'key-1'));
});

it('uses slots again some seconds after their window has ended', () => {
  const table = tableOf(1);
  for (let i = 0; i < SLOTS * 2; i += 1) slotOf(table, `key-${i}`);

  let refused = 0;
  for (let i = 0; i < SLOTS / 4; i += 1) if (slotOf(table, `key-${i}`, NOON + 2 * MINUTE) < 0) refused += 1;

  expect(refused).toBe(0);
  expect(table.read(slotOf(table, 'key-1', NOON + 2 * MINUTE))).toBe(0);
});

it('carries long windows over a restart, and short ones not', () => {
  const seed = [1, 2] as const;
  const before = new CounterTable(createCounterTable({ slots: SLOTS, segments: 1, seed }));
  before.add(slotOf(before, 'day', NOON, 24 * 60 * MINUTE), 5_000_000_000);
  before.add(slotOf(before, 'minute'), 3);
  const saved = JSON.parse(JSON.stringify(before.export(NOON)));

  const after = new CounterTable(createCounterTable({ slots: SLOTS, segments: 1, seed }));
  after.import(saved, NOON + 1_000);
  const stranger = tableOf();
  stranger.import(saved, NOON);

  expect(after.read(slotOf(after, 'day', NOON + 1_000, 24 * 60 * MINUTE))).toBe(5_000_000_000);
  expect(after.read(slotOf(after, 'minute'))).toBe(0);
  expect(stranger.export(NOON).slots).toEqual([]);
});

it.each([[1_000], [SLOTS + 1]])('refuses %i slots', (slots) => {
  expect(() => createCounterTable({ slots })).toThrow(RangeError);
});

const compiled = (file: string): string => {
  const { code } = transformSync(readFileSync(new URL(file, import.meta.url), 'utf8'), {
    swcrc: false,
    jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
    module: { type: 'es6' },
  });
  return code;
};

/** Charges in a thread of its own until refused some thousand times; gives what was admitted. */
const HAMMER = `
${compiled('./counters.ts')}
${compiled('./limits.ts').replace(/^import .*counters.js';$/m, '')}
import { parentPort, workerData } from 'node:worker_threads';
const { buffer, keys, max, rounds, now } = workerData;
const table = new CounterTable(buffer);
const limitOf = (key) => new Limit(table, key, { counts: 'requests', max: max[key], windowMs: 60_000, isLenient: false, refusal: null });
const shared = keys.map((key) => [limitOf(key), limitOf('all')]);
const admitted = keys.map(() => 0);
for (let i = 0; i < rounds; i += 1) {
  const k = i % keys.length;
  if (chargeAll(shared[k], now, 0) === undefined) admitted[k] += 1;
}
parentPort.postMessage(admitted);
`;

it('admits exactly the limit over several threads, and never more, with two levels charged together or not at all', async () => {
  const keys = Array.from({ length: 50 }, (_, i) => `key-${i}`);
  const max: Record<string, number> = { all: 12_345 };
  for (const key of keys) max[key] = 300;
  const buffer = createCounterTable({ slots: SLOTS, segments: 2 });
  const workerData = { buffer, keys, max, rounds: 60_000, now: NOON };
  const url = new URL(`data:text/javascript;base64,${Buffer.from(HAMMER).toString('base64')}`);

  const results = await Promise.all(
    Array.from(
      { length: 4 },
      () =>
        new Promise<number[]>((resolve, reject) => {
          const worker = new Worker(url, { workerData });
          worker.on('message', resolve);
          worker.on('error', reject);
        }),
    ),
  );

  const perKey = keys.map((_, k) => results.reduce((sum, admitted) => sum + (admitted[k] ?? 0), 0));
  const table = new CounterTable(buffer);
  expect(perKey.reduce((sum, n) => sum + n, 0)).toBe(12_345);
  expect(Math.max(...perKey)).toBeLessThanOrEqual(300);
  // What was refused at the second level is charged to neither.
  expect(keys.map((key) => table.read(slotOf(table, key)))).toEqual(perKey);
  expect(table.read(slotOf(table, 'all'))).toBe(12_345);
});

const LOCKS = { from: 16, to: 1_040 } as const;

it('takes over the lock of a thread that was ended, and leaves it free', () => {
  const buffer = createCounterTable({ slots: SLOTS, segments: 1 });
  const words = new Int32Array(buffer).subarray(LOCKS.from, LOCKS.to);
  words.fill(-5);

  const slot = slotOf(new CounterTable(buffer), 'key');

  expect(slot).toBeGreaterThanOrEqual(0);
  expect(words.filter((word) => word === 0)).toHaveLength(1);
});

/** Has all locks change hands all the time, for half a second. */
const HOLDERS = `
import { workerData } from 'node:worker_threads';
const { buffer, state, from, to } = workerData;
const locks = new Int32Array(buffer).subarray(from, to);
const STARTED = 0, ENDED = 1;
const until = performance.now() + 500;
for (let ticket = -2; performance.now() < until; ticket -= 1) {
  locks.fill(ticket);
  Atomics.store(state, STARTED, 1);
  Atomics.notify(state, STARTED);
  Atomics.wait(state, ENDED, 0, 1);
}
Atomics.store(state, ENDED, 1);
locks.fill(0);
`;

it('waits for a lock that many want, however often it changes hands', async () => {
  const buffer = createCounterTable({ slots: SLOTS, segments: 1 });
  const state = new Int32Array(new SharedArrayBuffer(8));
  const worker = new Worker(new URL(`data:text/javascript;base64,${Buffer.from(HOLDERS).toString('base64')}`), {
    workerData: { buffer, state, ...LOCKS },
  });
  const ended = new Promise((resolve) => worker.on('exit', resolve));
  await Atomics.waitAsync(state, 0, 0).value;

  const slot = slotOf(new CounterTable(buffer), 'key');

  expect(slot).toBeGreaterThanOrEqual(0);
  expect(Atomics.load(state, 1)).toBe(1);
  await ended;
});
