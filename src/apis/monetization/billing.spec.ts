import type { Plan } from '../../throttling/throttling-policy.js';
import { cycleStart, priceOf, times } from './billing.js';

it.each([
  ['0.01', 3, '0.03'],
  ['2', 3, '6.00'],
  ['19.9', 10, '199.00'],
  ['0.0005', 1_234_567, '617.2835'],
  ['0.5', 0, '0.00'],
  ['123456789012345678.99', 2, '246913578024691357.98'],
])('%s times %d is %s', (amount, count, product) => {
  expect(times(amount, count)).toBe(product);
});

it.each([
  ['day', '2026-08-19T00:00:00.000Z'],
  ['week', '2026-08-17T00:00:00.000Z'],
  ['month', '2026-08-01T00:00:00.000Z'],
  ['YEAR', '2026-01-01T00:00:00.000Z'],
  ['', '2026-08-01T00:00:00.000Z'],
])('a cycle of a %j began %s', (cycle, start) => {
  expect(cycleStart(new Date('2026-08-19T13:14:15Z'), cycle).toISOString()).toBe(start);
});

it('counts a Sunday to the week before', () => {
  expect(cycleStart(new Date('2026-03-01T23:59:59Z'), 'week').toISOString()).toBe('2026-02-23T00:00:00.000Z');
});

const plan = (billingPlan: string, monetization: Plan['monetization']) => ({ plan: { billingPlan, monetization } as Plan }); // nothing else is read

it.each([
  [plan('FREE', null), null],
  [plan('COMMERCIAL', null), null],
  [plan('COMMERCIAL', { monetizationPlan: 'FIXEDRATE', properties: { fixedPrice: 'a lot' } }), null],
  [
    plan('COMMERCIAL', { monetizationPlan: 'FIXEDRATE', properties: { fixedPrice: '9.99', currencyType: 'CHF', billingCycle: 'week' } }),
    { kind: 'FIXEDRATE', amount: '9.99', currency: 'CHF', billingCycle: 'week' },
  ],
  [
    plan('COMMERCIAL', { monetizationPlan: 'DYNAMICRATE', properties: { pricePerRequest: ' 0.02 ', currencyType: 'USD' } }),
    { kind: 'DYNAMICRATE', amount: '0.02', currency: 'USD', billingCycle: 'month' },
  ],
])('%j costs %j', (policy, price) => {
  expect(priceOf(policy)).toEqual(price);
});
