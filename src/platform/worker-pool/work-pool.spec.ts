import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WorkFailed, type WorkFile, WorkPool } from './work-pool.js';

interface Functions extends Record<string, (input: never) => unknown> {
  double(input: number): number;
  spin(input: null): void;
  fail(input: string): void;
}

const SOURCE = `
export const double = (input) => input * 2;
export const spin = () => { for (;;); };
export const fail = (input) => { throw new Error(input); };
`;

const folder = mkdtempSync(join(tmpdir(), 'work-pool-'));
const file: WorkFile<Functions> = { url: pathToFileURL(join(folder, 'work.mjs')) };
let pool: WorkPool;
beforeAll(() => writeFileSync(join(folder, 'work.mjs'), SOURCE));
beforeEach(() => {
  pool = new WorkPool();
});
afterEach(() => pool.onModuleDestroy());
afterAll(() => rmSync(folder, { recursive: true }));

it('gives what the function returns, and leaves the main loop free meanwhile', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 1);

  const results = await Promise.all([1, 2, 3].map((input) => pool.run(file, 'double', input, 10_000)));

  clearInterval(timer);
  expect(results).toEqual([2, 4, 6]);
  expect(turns).toBeGreaterThan(0);
});

it('gives up on work that does not end, and goes on with other work', async () => {
  const endless = pool.run(file, 'spin', null, 200);
  const other = pool.run(file, 'double', 4, 10_000);

  await expect(endless).rejects.toBeInstanceOf(WorkFailed);
  expect(await other).toBe(8);
  expect(await pool.run(file, 'double', 5, 10_000)).toBe(10);
});

it('throws what the function throws', async () => {
  await expect(pool.run(file, 'fail', 'broken', 10_000)).rejects.toThrow('broken');
});

it('ends with nothing begun', async () => {
  await expect(new WorkPool().onModuleDestroy()).resolves.toBeUndefined();
});
