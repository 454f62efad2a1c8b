import { jest } from '@jest/globals';
import { SpacedRuns } from './spaced-runs.js';

const FLOOR_MS = 1_000;

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Jobs that end when they are told to. */
const jobs = (runningMax = 2) => {
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const runs = new SpacedRuns(
    (key) => {
      started.push(key);
      return new Promise((resolve) => ends.push(resolve));
    },
    FLOOR_MS,
    runningMax,
  );
  const end = async () => {
    ends.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { runs, started, end };
};

it('grants a first wish at once, and many early ones as one when their time has come', async () => {
  const { runs, started, end } = jobs();
  runs.want('a');
  await end();

  for (let times = 0; times < 100; times++) runs.want('a');

  expect(started).toEqual(['a']);
  await jest.advanceTimersByTimeAsync(FLOOR_MS - 1);
  expect(started).toEqual(['a']);
  await jest.advanceTimersByTimeAsync(1);
  expect(started).toEqual(['a', 'a']);
});

it('runs a second time right after the run under way, never beside it', async () => {
  const { runs, started, end } = jobs();
  runs.now('a');
  runs.now('a');
  runs.now('a');
  expect(started).toEqual(['a']);

  await end();

  expect(started).toEqual(['a', 'a']);
});

it('runs no more at a time than it may', async () => {
  const { runs, started, end } = jobs(2);
  for (const key of ['a', 'b', 'c', 'd']) runs.now(key);
  expect(started).toEqual(['a', 'b']);

  await end();

  expect(started).toEqual(['a', 'b', 'c']);
});

it('starts nothing after it was stopped', async () => {
  const { runs, started, end } = jobs(1);
  runs.now('a');
  runs.now('b');

  runs.stop();
  await end();
  runs.now('c');
  runs.want('d');

  expect(started).toEqual(['a']);
});
