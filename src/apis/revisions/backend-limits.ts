import type { ApiDetails } from '../../domain/api.js';
import { type BackendLimitDocument, type BackendLimitsDocument, windowMs } from '../../domain/throttling.js';

/** The limits of an API's backends as its publisher set them (`maxTps`); undefined where there are none. */
export const backendLimitsOf = (maxTps: ApiDetails['maxTps']): BackendLimitsDocument | undefined => {
  if (maxTps === null) return undefined;
  const production = limitOf(maxTps, 'production');
  const sandbox = limitOf(maxTps, 'sandbox');
  return production || sandbox ? { ...(production && { production }), ...(sandbox && { sandbox }) } : undefined;
};

/** A window is a second unless another is named. */
const limitOf = (maxTps: Readonly<Record<string, unknown>>, type: 'production' | 'sandbox'): BackendLimitDocument | undefined => {
  const timeUnit = maxTps[`${type}TimeUnit`];
  const tokens = recordOf(maxTps['tokenBasedThrottlingConfiguration']);
  const countsTokens = tokens['isTokenBasedThrottlingEnabled'] === true;
  const limits = {
    ...countOf('requests', maxTps[type]),
    ...(countsTokens && countOf('promptTokens', tokens[`${type}MaxPromptTokenCount`])),
    ...(countsTokens && countOf('completionTokens', tokens[`${type}MaxCompletionTokenCount`])),
    ...(countsTokens && countOf('totalTokens', tokens[`${type}MaxTotalTokenCount`])),
  };
  if (Object.keys(limits).length === 0) return undefined;
  return { windowMs: windowMs({ timeUnit: typeof timeUnit === 'string' ? timeUnit : 'SECOND', unitTime: 1 }), ...limits };
};

const countOf = <K extends keyof BackendLimitDocument>(name: K, max: unknown): { readonly [P in K]?: number } | undefined =>
  typeof max === 'number' && max > 0 ? ({ [name]: max } as { [P in K]: number }) : undefined; // a computed key loses its name

const recordOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? { ...value } : {});
