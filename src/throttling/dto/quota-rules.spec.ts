import 'reflect-metadata';
import { Problem } from '../../domain/problem.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { ThrottleLimitDto } from './throttle-limit.dto.js';
import { SubscriptionThrottlePolicyDto } from './throttle-policy.dto.js';

const refusal = async <T extends object>(type: new () => T, value: object): Promise<string> => {
  try {
    await validateAs(type, value);
    return '';
  } catch (err) {
    if (!(err instanceof Problem)) throw err;
    return [err.description, ...err.findings.map(({ message }) => message)].join('; ');
  }
};

const requests = (change: object) => ({
  type: 'REQUESTCOUNTLIMIT',
  requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5, ...change },
});
const bytes = (change: object) => ({
  type: 'BANDWIDTHLIMIT',
  bandwidth: { timeUnit: 'min', unitTime: 1, dataAmount: 5, dataUnit: 'KB', ...change },
});
const tokens = (change: object) => ({ type: 'AIAPIQUOTALIMIT', aiApiQuota: { timeUnit: 'min', unitTime: 1, requestCount: 5, ...change } });

describe('a quota is taken', () => {
  it.each([
    'sec',
    'secs',
    'second',
    'seconds',
    'min',
    'mins',
    'minute',
    'minutes',
    'Minutes',
    'hour',
    'hours',
    'day',
    'days',
    'week',
    'weeks',
    'month',
    'months',
    'year',
    'years',
  ])('with the unit %s', async (timeUnit) => {
    expect(await refusal(ThrottleLimitDto, requests({ timeUnit }))).toBe('');
  });

  it.each([
    requests({ requestCount: 2_147_483_647 }),
    requests({ requestCount: 1 }),
    requests({ unitTime: 10, timeUnit: 'years' }),
    bytes({ dataUnit: 'mb' }),
    tokens({ requestCount: 0, totalTokenCount: 1 }),
    tokens({ totalTokenCount: null, promptTokenCount: 0 }),
    // Of another type, and so without meaning.
    { ...requests({}), bandwidth: { timeUnit: '', unitTime: 0, dataAmount: 0, dataUnit: '' } },
    { ...requests({}), bandwidth: null, eventCount: null, aiApiQuota: null },
  ])('as %j', async (limit) => {
    expect(await refusal(ThrottleLimitDto, limit)).toBe('');
  });

  it('in the digits that a form holds', async () => {
    const limit = await validateAs(ThrottleLimitDto, requests({ requestCount: '20', unitTime: '2' }));

    expect(limit.requestCount).toMatchObject({ requestCount: 20, unitTime: 2 });
  });
});

describe('a quota is refused', () => {
  it.each([
    [requests({ requestCount: 0 }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: -1 }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: '-1' }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: 1.5 }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: 2_147_483_648 }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: 'ten' }), 'requestCount.requestCount: must be a whole number from 1 to 2147483647'],
    [requests({ requestCount: null }), 'requestCount.requestCount: must not be null'],
    [requests({ unitTime: 0 }), 'requestCount.unitTime: must be a whole number from 1 to 2147483647'],
    [requests({ unitTime: 11, timeUnit: 'years' }), 'requestCount.unitTime: makes a window of more than ten years'],
    [requests({ timeUnit: '' }), 'requestCount.timeUnit: must be one of sec, min, hour, day, week, month and year'],
    [requests({ timeUnit: 'fortnight' }), 'requestCount.timeUnit: must be one of sec, min, hour, day, week, month and year'],
    [requests({ timeUnit: 'm' }), 'requestCount.timeUnit: must be one of sec, min, hour, day, week, month and year'],
    [bytes({ dataAmount: 0 }), 'bandwidth.dataAmount: must be a whole number from 1 to 2147483647'],
    [bytes({ dataUnit: 'GB' }), 'bandwidth.dataUnit: must be KB or MB'],
    [bytes({ dataUnit: '' }), 'bandwidth.dataUnit: must be KB or MB'],
    [
      { type: 'EVENTCOUNTLIMIT', eventCount: { timeUnit: 'day', unitTime: 1, eventCount: 0 } },
      'eventCount.eventCount: must be a whole number from 1 to 2147483647',
    ],
    [tokens({ requestCount: 0 }), 'aiApiQuota.requestCount: must be above 0 where no count of tokens is'],
    [tokens({ promptTokenCount: -1 }), 'aiApiQuota.promptTokenCount: must be a whole number from 0 to 2147483647'],
  ])('%j: %s', async (limit, text) => {
    expect(await refusal(ThrottleLimitDto, limit)).toBe(`Validation Error; ${text}`);
  });
});

describe('a burst limit', () => {
  const plan = (change: object) => ({ policyName: 'Gold', defaultLimit: requests({}), ...change });

  it.each([
    { rateLimitCount: 0 },
    { rateLimitCount: 0, rateLimitTimeUnit: null },
    { rateLimitCount: null },
    { rateLimitCount: 5, rateLimitTimeUnit: 'sec' },
    { rateLimitCount: '5', rateLimitTimeUnit: 'min' },
  ])('is taken as %j', async (burst) => {
    expect(await refusal(SubscriptionThrottlePolicyDto, plan(burst))).toBe('');
  });

  it.each([
    { rateLimitCount: 5 },
    { rateLimitCount: 5, rateLimitTimeUnit: '' },
    { rateLimitCount: 5, rateLimitTimeUnit: 'hour' },
  ])('needs a unit: %j', async (burst) => {
    expect(await refusal(SubscriptionThrottlePolicyDto, plan(burst))).toBe(
      'Validation Error; rateLimitCount: needs a rateLimitTimeUnit of sec or min',
    );
  });

  it('is no negative number', async () => {
    expect(await refusal(SubscriptionThrottlePolicyDto, plan({ rateLimitCount: -1, rateLimitTimeUnit: 'sec' }))).toBe(
      'Validation Error; rateLimitCount: must be a whole number from 0 to 2147483647',
    );
  });
});
