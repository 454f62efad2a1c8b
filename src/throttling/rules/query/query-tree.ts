import type { Calculation, Comparison } from '../../../domain/custom-rules.js';
import type { Place } from './query-error.js';

/** An expression as it was written. */
export type Written = { readonly at: Place } & (
  | { readonly kind: 'literal'; readonly value: string | number | bigint | boolean }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Written[] }
  | { readonly kind: 'missing' | 'not' | 'negative'; readonly of: Written }
  | { readonly kind: 'and' | 'or'; readonly left: Written; readonly right: Written }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Written; readonly right: Written }
  | { readonly kind: 'calculate'; readonly operator: Calculation; readonly left: Written; readonly right: Written }
);

/** One column of a selection. */
export interface Column {
  readonly at: Place;
  /** Null where the query gives it no name and it is more than a name. */
  readonly name: string | null;
  readonly value: Written;
}

/** The two queries of a rule; what is the same in all rules is not in it. */
export interface WrittenRule {
  readonly eligibility: readonly Column[];
  /** Where the first query ends. */
  readonly eligibilityEnd: Place;
  readonly filter: Written;
  readonly window: { readonly at: Place; readonly amount: string; readonly unitAt: Place; readonly unit: string };
  readonly result: readonly Column[];
  readonly resultEnd: Place;
}
