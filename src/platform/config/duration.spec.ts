import { DURATION, durationMs } from './duration.js';

it.each([
  ['30s', 30_000],
  ['2m', 120_000],
  ['1h', 3_600_000],
  ['30d', 2_592_000_000],
] as const)('%s is %d ms', (text, ms) => {
  expect(DURATION.test(text)).toBe(true);
  expect(durationMs(text)).toBe(ms);
});

it.each(['', '30', 's', '0s', '1.5m', '-1m', '1w', '2m ', '9999999d'])('%j is no duration', (text) =>
  expect(DURATION.test(text)).toBe(false));
