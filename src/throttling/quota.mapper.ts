import { found } from '../domain/problem.js';
import type { Burst, Quota } from '../domain/throttling.js';
import type { ThrottleLimitDto } from './dto/throttle-limit.dto.js';
import { LimitWithoutBody } from './throttling.problems.js';

export const toLimit = (quota: Quota): ThrottleLimitDto => {
  const { type, timeUnit, unitTime, count } = quota;
  const window = { timeUnit, unitTime };
  if (type === 'REQUESTCOUNTLIMIT') return { type, requestCount: { ...window, requestCount: count } };
  if (type === 'BANDWIDTHLIMIT') return { type, bandwidth: { ...window, dataAmount: count, dataUnit: quota.dataUnit ?? 'KB' } };
  if (type === 'EVENTCOUNTLIMIT') return { type, eventCount: { ...window, eventCount: count } };
  return {
    type,
    aiApiQuota: {
      ...window,
      requestCount: count,
      totalTokenCount: quota.totalTokens ?? 0,
      promptTokenCount: quota.promptTokens ?? 0,
      completionTokenCount: quota.completionTokens ?? 0,
    },
  };
};

/** @throws LimitWithoutBody (400) when the object that belongs to the type is missing (the product answers 500). */
export const fromLimit = (limit: ThrottleLimitDto): Quota => {
  const { type } = limit;
  if (type === 'REQUESTCOUNTLIMIT') {
    const { timeUnit, unitTime, requestCount } = found(limit.requestCount, LimitWithoutBody);
    return { type, timeUnit, unitTime, count: requestCount };
  }
  if (type === 'BANDWIDTHLIMIT') {
    const { timeUnit, unitTime, dataAmount, dataUnit } = found(limit.bandwidth, LimitWithoutBody);
    return { type, timeUnit, unitTime, count: dataAmount, dataUnit: dataUnit.toUpperCase() === 'MB' ? 'MB' : 'KB' };
  }
  if (type === 'EVENTCOUNTLIMIT') {
    const { timeUnit, unitTime, eventCount } = found(limit.eventCount, LimitWithoutBody);
    return { type, timeUnit, unitTime, count: eventCount };
  }
  const { timeUnit, unitTime, requestCount, totalTokenCount, promptTokenCount, completionTokenCount } = found(
    limit.aiApiQuota,
    LimitWithoutBody,
  );
  return {
    type,
    timeUnit,
    unitTime,
    count: requestCount,
    totalTokens: totalTokenCount ?? 0,
    promptTokens: promptTokenCount ?? 0,
    completionTokens: completionTokenCount ?? 0,
  };
};

/** A burst limit as the wire has it: 0 and an empty unit where there is none. */
export const toBurst = (burst: Burst | null) => ({ rateLimitCount: burst?.count ?? 0, rateLimitTimeUnit: burst?.timeUnit ?? '' });

export const fromBurst = (burst: { readonly rateLimitCount?: number; readonly rateLimitTimeUnit?: string } | undefined): Burst | null =>
  burst?.rateLimitCount ? { count: burst.rateLimitCount, timeUnit: burst.rateLimitTimeUnit || 'sec' } : null;
