import type { Quota } from '../../../domain/throttling.js';
import { apiDocument, TENANT } from '../engine.fixture.js';
import type { LinkedApi } from '../link.js';
import { policy } from '../throttling.fixture.js';
import { CounterTable, createCounterTable } from './counters.js';
import { chargeTokens, takeEvent } from './later-charges.js';
import { chargeAll } from './limits.js';
import { PolicyLimits } from './policy-limits.js';
import { RequestLimits } from './request-limits.js';

const NOON = Date.UTC(2026, 4, 4, 12);
const DAY = 86_400_000;
const KEY = '1:/pizza:1.0.0:Plan';

let table: CounterTable;
beforeEach(() => {
  table = new CounterTable(createCounterTable({ slots: 1 << 14, segments: 1 }));
});

/** Those of a subscription to a plan, and of a backend. */
const limitsOf = (changes: Partial<Quota>, backendLimits: LinkedApi['document']['backendLimits'] = {}) => {
  const { body } = policy('subscription', 'Plan', changes) as Extract<ReturnType<typeof policy>, { kind: 'policy' }>;
  const document = body && { document: body, groups: [] };
  const made = new PolicyLimits({ policy: () => document ?? undefined }, table);
  const api = { organization: TENANT, document: apiDocument('http://backend', { backendLimits }) } as LinkedApi; // limits look at nothing else
  return new RequestLimits(made.ofPlan(api, 'Plan', KEY), made.ofBackend(api, 'PRODUCTION'));
};
const request = (limits: RequestLimits, now = NOON) => {
  const reached = chargeAll(limits.checked, now, 0);
  return reached?.refusal.until(reached.windowEnd(now)).body.toString();
};
const usage = (promptTokens: number, completionTokens: number) => ({
  promptTokens,
  completionTokens,
  totalTokens: promptTokens + completionTokens,
});

describe('tokens of AI models', () => {
  it.each([
    ['prompt', { promptTokens: 10 }],
    ['completion', { completionTokens: 20 }],
    ['total', { totalTokens: 30 }],
  ])('the answer that crosses the limit of %s tokens is delivered, the next request refused', (_kind, max) => {
    const limits = limitsOf({ type: 'AIAPIQUOTALIMIT', count: 100, ...max });

    expect(request(limits)).toBeUndefined();
    chargeTokens({ limits }, usage(9, 19), NOON);
    expect(request(limits)).toBeUndefined();
    chargeTokens({ limits }, usage(9, 19), NOON);

    expect(request(limits)).toContain('"900804"');
    expect(request(limits, NOON + DAY)).toBeUndefined();
  });

  it.each([-1_000, Number.NaN, -0.5])('an answer that tells of %p tokens gives nothing back', (said) => {
    const limits = limitsOf({ type: 'AIAPIQUOTALIMIT', count: 100, totalTokens: 10 });
    chargeTokens({ limits }, usage(10, 0), NOON);

    chargeTokens({ limits }, usage(said, 0), NOON);

    expect(request(limits)).toContain('"900804"');
  });

  it.each([0.5, Number.POSITIVE_INFINITY, 2 ** 60])('an answer that tells of %p tokens counts, every time', (said) => {
    const limits = limitsOf({ type: 'AIAPIQUOTALIMIT', count: 100, totalTokens: 10 });

    for (let i = 0; i < 64; i += 1) chargeTokens({ limits }, usage(said, 0), NOON);

    expect(request(limits)).toContain('"900804"');
  });

  it('requests count as well, and what is 0 is not limited', () => {
    const limits = limitsOf({ type: 'AIAPIQUOTALIMIT', count: 2, totalTokens: 0, promptTokens: 0, completionTokens: 5 });
    chargeTokens({ limits }, usage(1_000, 4), NOON);

    expect([request(limits), request(limits), request(limits)]).toEqual([undefined, undefined, expect.stringContaining('"900804"')]);
  });

  it('count in the window in which the answer came', () => {
    const limits = limitsOf({ type: 'AIAPIQUOTALIMIT', count: 100, totalTokens: 5 });
    expect(request(limits)).toBeUndefined();

    chargeTokens({ limits }, usage(5, 5), NOON + DAY);

    expect(request(limits)).toBeUndefined();
    expect(request(limits, NOON + DAY)).toContain('"900804"');
  });

  it('use the budget of a backend up, over all its callers', () => {
    const backend = { production: { windowMs: DAY, totalTokens: 10 } };
    const limits = limitsOf({}, backend);
    expect(request(limits)).toBeUndefined();
    chargeTokens({ limits }, usage(5, 5), NOON);

    expect(request(limits)).toContain('"900801"');
    expect(request(limitsOf({}, backend))).toContain('"900801"');
  });

  it('of a caller without limits go nowhere', () => {
    expect(() => chargeTokens({ limits: null }, usage(1, 1), NOON)).not.toThrow();
  });
});

describe('events', () => {
  it('are no requests, and refused when their count would exceed the limit', async () => {
    const limits = limitsOf({ type: 'EVENTCOUNTLIMIT', count: 2 });
    expect([request(limits), request(limits), request(limits)]).toEqual([undefined, undefined, undefined]);

    expect([takeEvent({ limits }, NOON), takeEvent({ limits }, NOON)]).toEqual([undefined, undefined]);
    expect((await takeEvent({ limits }, NOON))?.body.toString()).toContain('"900808"');
    expect(takeEvent({ limits }, NOON + DAY)).toBeUndefined();
  });

  it('without a limit all pass', () => {
    expect(takeEvent({ limits: limitsOf({ type: 'EVENTCOUNTLIMIT' }) }, NOON)).toBeUndefined();
    expect(takeEvent({ limits: null }, NOON)).toBeUndefined();
  });
});
