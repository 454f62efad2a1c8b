import fc from 'fast-check';
import type { Throttled } from '../refusal.js';
import { CounterTable, createCounterTable, FEW } from './counters.js';
import { type Counted, chargeAll, Limit, type LimitRule, takeBackAll } from './limits.js';

const NOON = Date.UTC(2026, 4, 4, 12);
const MINUTE = 60_000;
const refusal = { name: 'some' } as Throttled; // nobody renders it here
const tableOf = () => new CounterTable(createCounterTable({ slots: 1 << 14, segments: 2, seed: [7, 11] }));
const limit = (table: CounterTable, key: string, max: number, changes: Partial<LimitRule> = {}) =>
  new Limit(table, key, { counts: 'requests', max, windowMs: MINUTE, isLenient: false, refusal, ...changes });

describe('charging all limits or none', () => {
  const rule = fc.record({
    counts: fc.constantFrom<Counted>('requests', 'bytes', 'totalTokens'),
    max: fc.integer({ min: 0, max: 6 }).map((max) => max * 3),
    windowMs: fc.constantFrom(1_000, 7_000, MINUTE),
    isLenient: fc.boolean(),
  });
  const request = fc.record({ afterMs: fc.integer({ min: 0, max: 2_500 }), bytes: fc.integer({ min: 0, max: 5 }), tokens: fc.nat(4) });

  it('agrees with adding up everything that passed, for any number of limits', () => {
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 45 }), fc.array(request, { maxLength: 40 }), (rules, requests) => {
        const table = tableOf();
        const limits = rules.map((each, i) => limit(table, `key ${i}`, each.max, each));
        const passed: { readonly at: number; readonly amounts: readonly number[] }[] = [];
        let now = NOON;
        for (const { afterMs, bytes, tokens } of requests) {
          now += afterMs;
          const countOf = (i: number) => {
            const window = Math.floor(now / (rules[i]?.windowMs ?? 0));
            return passed
              .filter(({ at }) => Math.floor(at / (rules[i]?.windowMs ?? 0)) === window)
              .reduce((sum, { amounts }) => sum + (amounts[i] ?? 0), 0);
          };
          const inTheWay = rules.findIndex(({ isLenient, max }, i) => !isLenient && countOf(i) >= max);
          const usedUp = rules.findIndex(({ isLenient, max }, i) => isLenient && countOf(i) >= max);

          const reached = chargeAll(limits, now, bytes);

          expect(reached).toBe(limits[inTheWay >= 0 ? inTheWay : usedUp]);
          if (inTheWay < 0) {
            for (const each of limits) if (each.counts === 'totalTokens') each.charge(now, tokens);
            const amounts = { requests: 1, bytes, totalTokens: tokens, events: 0, promptTokens: 0, completionTokens: 0 };
            passed.push({ at: now, amounts: rules.map(({ counts }) => amounts[counts]) });
          }
          limits.forEach((each, i) => {
            expect(each.left(now)).toBe(Math.max(0, each.max - countOf(i)));
          });
        }
      }),
    );
  });

  it('takes back what the last of forty limits refused', () => {
    /** As a limit is that another worker uses up between the look and the reservation. */
    class Raced extends Limit {
      override isFull(): boolean {
        return false;
      }
    }
    const table = tableOf();
    const others = Array.from({ length: 39 }, (_, i) => limit(table, `key ${i}`, 3, { isLenient: i % 10 === 0 }));
    const last = new Raced(table, 'last', { counts: 'requests', max: 1, windowMs: MINUTE, isLenient: false, refusal });
    expect(chargeAll([...others, last], NOON, 0)).toBeUndefined();

    expect(chargeAll([...others, last], NOON, 0)).toBe(last);

    expect([...others, last].map((each) => each.left(NOON))).toEqual([...Array.from({ length: 39 }, () => 2), 0]);
  });
});

it('counts on where a lenient limit, or a much higher one, has left more than one word holds', () => {
  const table = tableOf();
  const lenient = limit(table, 'key', 5, { isLenient: true });
  lenient.charge(NOON, 4 * FEW + 3);

  const strict = limit(table, 'key', 5);

  expect(strict.isFull(NOON)).toBe(true);
  expect(chargeAll([strict], NOON, 0)).toBe(strict);
  expect(chargeAll([lenient], NOON, 0)).toBe(lenient);
  expect(limit(table, 'key', 4 * FEW + 10).left(NOON)).toBe(6);
});

it('another limit on the key counts what has passed under the one before', () => {
  const table = tableOf();
  const before = limit(table, 'key', 2);
  expect([before, before, before].map((each) => chargeAll([each], NOON, 0))).toEqual([undefined, undefined, before]);

  const after = limit(table, 'key', 3);

  expect([after, after].map((each) => chargeAll([each], NOON, 0))).toEqual([undefined, after]);
  expect(after.windowEnd(NOON)).toBe(NOON + MINUTE);
  expect(after.isFull(NOON + MINUTE)).toBe(false);
});

it('lets pass what a full table cannot count, and says so', () => {
  const table = new CounterTable(createCounterTable({ slots: 1 << 14, segments: 1 }));
  for (let i = 0; i < 1 << 16; i += 1) limit(table, `other ${i}`, 1).isFull(NOON);
  const late = limit(table, 'late', 1);

  expect([chargeAll([late], NOON, 0), chargeAll([late], NOON, 0)]).toEqual([undefined, undefined]);
  expect(late.left(NOON)).toBe(1);
  expect(table.admittedUncounted).toBeGreaterThan(0);
});

describe('a length that a client announces and that no limit could hold', () => {
  const bytes = { counts: 'bytes', isLenient: true } as const;

  it('uses a limit up and nothing more, however often it comes', () => {
    const table = tableOf();
    const each = limit(table, 'key', 1_000, bytes);

    for (let i = 0; i < 100; i += 1) chargeAll([each], NOON, Number.MAX_SAFE_INTEGER);

    expect(chargeAll([each], NOON, 1)).toBe(each);
    expect(each.left(NOON)).toBe(0);
  });

  it('is given back as it was charged', () => {
    const table = tableOf();
    const each = limit(table, 'key', 1_000, { counts: 'bytes' });
    chargeAll([each], NOON, 300);
    chargeAll([each, limit(table, 'other', 0)], NOON, Number.MAX_SAFE_INTEGER);
    chargeAll([each], NOON, Number.MAX_SAFE_INTEGER);

    takeBackAll([each], NOON, Number.MAX_SAFE_INTEGER);

    expect(each.left(NOON)).toBe(700);
  });
});
