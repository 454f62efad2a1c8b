import fc from 'fast-check';
import { aheadMost, FIRST_PACE, nextPace, unitsAhead } from './lease-size.js';

it.each([
  ['a small limit unit by unit', 49, 49, 1, 1_000, 0],
  ['a small limit of several gateways unit by unit', 300, 300, 3, 1_000, 0],
  ['less than a hundredth of a limit over all gateways', 50_000, 50_000, 3, 1_000, 151],
  ['no more than it uses', 50_000, 50_000, 3, 8, 8],
  ['less and less towards the end', 50_000, 120, 3, 1_000, 10],
  ['nothing in advance at the very end', 50_000, 11, 3, 1_000, 0],
])('takes %s', (_, max, remaining, gateways, pace, units) => expect(unitsAhead(max, remaining, gateways, pace)).toBe(units));

it('leaves at least 99 % of a limit to whoever comes, however many gateways hold something in advance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 1, max: 500 }), (max, gateways) => {
      expect(gateways * aheadMost(max, gateways)).toBeLessThanOrEqual(max / 100);
    }),
  );
});

it.each([
  ['doubles while it is used up at once', 64, 20, 128],
  ['stays at its most', 151, 20, 151],
  ['stays while it lasts', 64, 500, 64],
  ['halves when it lasts for longer', 64, 5_000, 32],
  ['never comes to nothing', 1, 5_000, 1],
])('the pace %s', (_, pace, usedInMs, expected) => expect(nextPace(pace, usedInMs, 151)).toBe(expected));

it('begins small', () => expect(unitsAhead(2 ** 40, 2 ** 40, 1, FIRST_PACE)).toBe(8));
