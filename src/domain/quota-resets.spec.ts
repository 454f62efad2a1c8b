import { withResets } from './quota-resets.js';

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 4, 4, 12);
const hourly = { quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'hour', unitTime: 1, count: 5 }, burst: null } as const;

it('keeps a reset as long as the window it fell into', () => {
  const resets = withResets({}, ['ann@a.com'], hourly, NOON + 1);

  expect(resets).toEqual({ 'ann@a.com': NOON + 1 });
  expect(withResets(resets, ['bob@a.com'], hourly, NOON + HOUR - 1)).toEqual({ 'ann@a.com': NOON + 1, 'bob@a.com': NOON + HOUR - 1 });
  expect(withResets(resets, ['bob@a.com'], hourly, NOON + HOUR)).toEqual({ 'bob@a.com': NOON + HOUR });
});

it('keeps it for the window of the burst limit, too', () => {
  const both = { quota: { ...hourly.quota, timeUnit: 'sec' }, burst: { count: 2, timeUnit: 'min' } };

  expect(withResets({ 'ann@a.com': NOON }, ['bob@a.com'], both, NOON + 59_999)).toHaveProperty(['ann@a.com']);
  expect(withResets({ 'ann@a.com': NOON }, ['bob@a.com'], both, NOON + 60_000)).not.toHaveProperty(['ann@a.com']);
});

it('tells two resets in one millisecond apart', () => {
  const once = withResets({}, ['ann@a.com'], hourly, NOON);

  expect(withResets(once, ['ann@a.com'], hourly, NOON)).toEqual({ 'ann@a.com': NOON + 1 });
});

it('keeps the newest thousand', () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, index) => [`user-${index}@a.com`, NOON + index]));

  const resets = withResets(many, ['ann@a.com'], hourly, NOON + 2_000);

  expect(Object.keys(resets)).toHaveLength(1_000);
  expect(resets).not.toHaveProperty(['user-0@a.com']);
  expect(resets).toHaveProperty(['user-1@a.com']);
});
