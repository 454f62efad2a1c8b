import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogConfig } from '../../platform/config/sections/log.config.js';
import { Log } from '../../platform/logging/log.js';
import { CounterTable } from '../engine/throttling/counters.js';
import { SavedCounterTable } from './saved-counters.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const log = new Log(Object.assign(new LogConfig(), { level: 'error' }));
const freshFile = () => join(mkdtempSync(join(tmpdir(), 'gatehouse-counters-')), 'counters.json');

const charge = (saved: SavedCounterTable, key: string, windowMs: number, amount: number): number => {
  const table = new CounterTable(saved.buffer);
  const { hi, lo } = table.hash(key);
  return table.add(table.slot(hi, lo, windowMs, Date.now()), amount) + amount;
};

it('goes on counting an hour after a restart, and begins a minute anew', () => {
  const file = freshFile();
  const before = new SavedCounterTable(file, log);
  before.start();
  charge(before, 'hourly', HOUR_MS, 7);
  charge(before, 'minutely', MINUTE_MS, 7);
  before.stop();

  const after = new SavedCounterTable(file, log);

  expect(charge(after, 'hourly', HOUR_MS, 1)).toBe(8);
  expect(charge(after, 'minutely', MINUTE_MS, 1)).toBe(1);
});

it.each([
  '',
  '{"version":1,"se',
  'null',
  '[]',
  '{"version":9,"seed":[1,2],"slots":[1,2,3,4,5]}',
])('begins anew with a file that holds %j', (text) => {
  const file = freshFile();
  writeFileSync(file, text);

  expect(charge(new SavedCounterTable(file, log), 'hourly', HOUR_MS, 1)).toBe(1);
});

it('does not end the server when the file cannot be written, and goes on when it can', () => {
  const file = freshFile();
  mkdirSync(`${file}.next`);
  const saved = new SavedCounterTable(file, log);
  charge(saved, 'hourly', HOUR_MS, 3);

  expect(() => saved.stop()).not.toThrow();
  rmSync(`${file}.next`, { recursive: true });
  saved.stop();

  expect(charge(new SavedCounterTable(file, log), 'hourly', HOUR_MS, 1)).toBe(4);
});
