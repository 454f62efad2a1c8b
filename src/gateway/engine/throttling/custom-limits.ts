import type { Exchange } from '../exchange.js';
import type { Limit } from './limits.js';

/** Limits of the whole gateway that administrators have written as rules, checked after the application's (`reference/throttling.md` §2, §8). */
export interface CustomLimits {
  /** Whether there is any rule; without one nobody is asked for limits. */
  readonly hasRules: boolean;
  /** Limits of the rules that take the request in, in the order of their checks. */
  limitsFor(exchange: Exchange): readonly Limit[];
}

export const NO_CUSTOM_LIMITS: CustomLimits = { hasRules: false, limitsFor: () => [] };
