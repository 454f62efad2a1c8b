import { jest } from '@jest/globals';
import { CounterTable, createCounterTable } from '../engine/throttling/counters.js';
import { createLeaseBoard, LeaseBoard } from '../engine/throttling/lease-board.js';
import { type LeaseQuestion, leaseSlots } from '../engine/throttling/leases.js';
import { LeaseKeeper } from './lease-keeper.js';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 4, 4, 12);
const KEY = 'subscription:carbon.super:1';

let table: CounterTable;
let board: LeaseBoard;
let keeper: LeaseKeeper;
/** What was asked of the store, to be answered. */
let asked: { readonly key: string; readonly units: number; readonly answer: (taken: number) => void; readonly fail: () => void }[];
let answered: number[];

beforeEach(() => {
  jest.useFakeTimers({ now: NOON + 1_000 });
  table = new CounterTable(createCounterTable({ slots: 1 << 14, segments: 1 }));
  board = new LeaseBoard(createLeaseBoard(1));
  asked = [];
  answered = [];
  const consume = (key: string, units: number) => new Promise<number>((answer, fail) => asked.push({ key, units, answer, fail }));
  keeper = new LeaseKeeper(table, board, { consume });
  keeper.start();
});
afterEach(() => {
  keeper.stop();
  jest.useRealTimers();
});

const ask = (window: number, changes: Partial<LeaseQuestion> = {}): void =>
  keeper.ask({ id: 1, key: KEY, windowMs: MINUTE, window, max: 10, wanted: 1, ...changes }, (id) => answered.push(id));
const slotsAt = (time: number) => leaseSlots(table, KEY, MINUTE, time, board.aheadMs);
const settled = () => jest.advanceTimersByTimeAsync(0);

it.each([
  ['the next', 1],
  ['this', 0],
  ['the last', -1],
])('what is granted for %s window, as the worker saw it by the clock of that moment, is good in no other', async (_, offset) => {
  const window = NOON / MINUTE + offset;
  ask(window);
  asked[0]?.answer(1);
  await settled();

  expect(asked[0]?.key).toBe(`${KEY}:${MINUTE}:${window}`);
  expect([-1, 0, 1].map((each) => table.read(slotsAt(NOON + each * MINUTE).granted))).toEqual(
    [-1, 0, 1].map((each) => (each === offset ? 1 : 0)),
  );
  expect(answered).toEqual([1]);
});

it('an answer that comes long after its window is written nowhere, as its slots may be another key’s', async () => {
  const { granted, taken, mark } = slotsAt(NOON);
  ask(NOON / MINUTE);
  await jest.advanceTimersByTimeAsync(2 * MINUTE);

  asked[0]?.answer(7);
  await settled();

  expect([granted, taken, mark].map((slot) => table.read(slot))).toEqual([0, 0, 0]);
  expect(asked).toHaveLength(1);
  expect(answered).toEqual([1]);
});

it('a question that the store never answered is answered when its window is long over', async () => {
  ask(NOON / MINUTE);
  await jest.advanceTimersByTimeAsync(2 * MINUTE);

  asked[0]?.fail();
  await settled();

  expect(answered).toEqual([1]);
});
