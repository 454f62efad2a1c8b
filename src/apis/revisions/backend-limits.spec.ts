import { backendLimitsOf } from './backend-limits.js';

const TOKENS = { isTokenBasedThrottlingEnabled: true, productionMaxTotalTokenCount: 30, sandboxMaxPromptTokenCount: 7 };

it.each([
  [null, undefined],
  [{}, undefined],
  [{ production: 0, sandboxTimeUnit: 'HOUR' }, undefined],
  [{ production: 10 }, { production: { windowMs: 1_000, requests: 10 } }],
  [{ production: 10, productionTimeUnit: 'SECOND' }, { production: { windowMs: 1_000, requests: 10 } }],
  [{ sandbox: 5, sandboxTimeUnit: 'MINUTE' }, { sandbox: { windowMs: 60_000, requests: 5 } }],
  [
    { production: 10, productionTimeUnit: 'HOUR', tokenBasedThrottlingConfiguration: TOKENS },
    { production: { windowMs: 3_600_000, requests: 10, totalTokens: 30 }, sandbox: { windowMs: 1_000, promptTokens: 7 } },
  ],
  [{ tokenBasedThrottlingConfiguration: { ...TOKENS, isTokenBasedThrottlingEnabled: false } }, undefined],
])('%j comes to %j', (maxTps, limits) => expect(backendLimitsOf(maxTps)).toEqual(limits));
