/** All gateways together hold at most this part of a limit without using it. */
const UNUSED_PARTS = 110;
/** Of what is left of a limit, each gateway takes at most this part of its share in advance. */
const REMAINING_PARTS = 4;
const FIRST = 8;
const FAST_MS = 100;
const SLOW_MS = 1_000;

/** What a gateway begins with, before its own use tells more. */
export const FIRST_PACE = FIRST;

/** The most that a gateway takes in advance of a limit that `gateways` share: none of a small limit, which is leased unit by unit. */
export const aheadMost = (max: number, gateways: number): number => Math.floor(max / (UNUSED_PARTS * gateways));

/** How many units a gateway takes in advance when `remaining` are left to all; `pace` is what it would take by its own use. */
export const unitsAhead = (max: number, remaining: number, gateways: number, pace: number): number =>
  Math.floor(Math.min(pace, aheadMost(max, gateways), remaining / (REMAINING_PARTS * gateways)));

/** The pace after a lease that was used up in `usedInMs`: what is taken in advance is to last for a tenth of a second to a second. */
export const nextPace = (pace: number, usedInMs: number, most: number): number => {
  if (usedInMs < FAST_MS) return Math.min(pace * 2, Math.max(FIRST, most));
  return usedInMs > SLOW_MS ? Math.max(1, pace / 2) : pace;
};
