import type { Quota } from '../domain/throttling.js';
import { fromBurst, fromLimit, toBurst, toLimit } from './quota.mapper.js';
import { LimitWithoutBody } from './throttling.problems.js';

const QUOTAS: readonly Quota[] = [
  { type: 'REQUESTCOUNTLIMIT', timeUnit: 'min', unitTime: 1, count: 10 },
  { type: 'BANDWIDTHLIMIT', timeUnit: 'hour', unitTime: 2, count: 5, dataUnit: 'MB' },
  { type: 'EVENTCOUNTLIMIT', timeUnit: 'days', unitTime: 1, count: 100 },
  { type: 'AIAPIQUOTALIMIT', timeUnit: 'min', unitTime: 1, count: 10, totalTokens: 1000, promptTokens: 0, completionTokens: 7 },
];

it.each(QUOTAS)('brings a quota of type $type to the wire and back unchanged', (quota) => {
  expect(fromLimit(toLimit(quota))).toEqual(quota);
});

it.each(QUOTAS)('refuses type $type without its object', ({ type }) => {
  expect(() => fromLimit({ type })).toThrow(LimitWithoutBody().message);
});

it('shows no burst limit as 0, and reads 0 as none', () => {
  expect(toBurst(null)).toEqual({ rateLimitCount: 0, rateLimitTimeUnit: '' });
  expect(fromBurst({ rateLimitCount: 0, rateLimitTimeUnit: 'sec' })).toBeNull();
  expect(fromBurst(toBurst({ count: 3, timeUnit: 'min' }))).toEqual({ count: 3, timeUnit: 'min' });
});
