import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DailyLog } from './daily-log.js';

const DAY_MS = 86_400_000;
const NOON = Date.UTC(2026, 10, 22, 12);
const warnings: string[] = [];
const log = { warn: (_: object | string, text?: string) => void warnings.push(text ?? '') };
let folder: string;
let now = NOON;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'daily-log-'));
  now = NOON;
  warnings.length = 0;
});
afterEach(() => rm(folder, { recursive: true }));

const open = (maxDays = 3, directory = folder): DailyLog =>
  new DailyLog({ directory, prefix: 'gw_', suffix: '.log', maxDays }, log, () => now);

it('appends to a file of the day', async () => {
  const daily = open();

  daily.add('one\n');
  daily.add('two\n');
  await daily.flush();
  now += DAY_MS;
  daily.add('three\n');
  await daily.flush();

  expect(readFileSync(join(folder, 'gw_2026-11-22.log'), 'utf8')).toBe('one\ntwo\n');
  expect(readFileSync(join(folder, 'gw_2026-11-23.log'), 'utf8')).toBe('three\n');
});

it.each([
  [3, ['gw_2026-11-20.log', 'gw_2026-11-22.log', 'gw_x.log', 'other_2020-01-01.log']],
  [0, ['gw_2026-11-19.log', 'gw_2026-11-20.log', 'gw_2026-11-22.log', 'gw_x.log', 'other_2020-01-01.log']],
])('keeps its own files of %d days, and all of others', async (maxDays, left) => {
  for (const name of ['gw_2026-11-19.log', 'gw_2026-11-20.log', 'gw_x.log', 'other_2020-01-01.log']) writeFileSync(join(folder, name), '');
  const daily = open(maxDays);

  daily.add('line\n');
  await daily.flush();

  expect(readdirSync(folder).sort()).toEqual(left);
});

it('says once that it cannot write, and disturbs nobody', async () => {
  writeFileSync(join(folder, 'file'), '');
  const daily = open(3, join(folder, 'file'));

  daily.add('one\n');
  await daily.flush();
  daily.add('two\n');
  await daily.flush();

  expect(warnings).toEqual(['lines of a log file could not be written and are lost']);
});

it('keeps the name of the file of today, and gives that of an earlier day its date', async () => {
  writeFileSync(join(folder, 'gw.log'), 'older\n');
  utimesSync(join(folder, 'gw.log'), new Date(NOON - 5 * DAY_MS), new Date(NOON - 2 * DAY_MS));
  const daily = new DailyLog({ directory: folder, prefix: 'gw_', suffix: '.log', maxDays: 3, current: 'gw.log' }, log, () => now);

  daily.add('one\n');
  await daily.flush();
  daily.add('two\n');
  await daily.flush();

  expect(readFileSync(join(folder, 'gw.log'), 'utf8')).toBe('one\ntwo\n');
  expect(readFileSync(join(folder, 'gw_2026-11-20.log'), 'utf8')).toBe('older\n');
});
