import { textOf } from './conditions.js';
import { FilterUnreadable } from './deny-policies.problems.js';
import type { DenyPolicy } from './deny-policy.js';

/** Whether a list shows a policy. */
export type DenyFilter = (policy: Pick<DenyPolicy, 'type' | 'value'>) => boolean;

/** A value may have an `&` of its own. */
const BETWEEN_TERMS = /&(?=\s*condition(?:Type|Value)\s*:)/;
const TERM = /^\s*condition(Type|Value)\s*:\s*(.*?)\s*$/s;
const QUOTED = /^"(.*)"$/s;

/**
 * Reads the `query` of the list, `conditionType:API&conditionValue:"/pets/1.0.0"`: all its terms must hold. A value in quotes is the whole one, of an
 * address or a range also the address alone; any other is a part of it, whatever the case. @throws FilterUnreadable (400).
 */
export const denyFilter = (query: string): DenyFilter => {
  if (query.trim() === '') return () => true;
  const terms = query.split(BETWEEN_TERMS).map(termOf);
  return (policy) => terms.every((holds) => holds(policy));
};

const termOf = (term: string): DenyFilter => {
  const [, attribute, sought] = TERM.exec(term) ?? [];
  if (attribute === undefined || sought === undefined) throw FilterUnreadable();
  const whole = QUOTED.exec(sought)?.[1];
  if (attribute === 'Type') return ({ type }) => type === (whole ?? sought);
  if (whole !== undefined) return (policy) => textsOf(policy).includes(whole);
  const part = sought.toLowerCase();
  return (policy) => textOf(policy).toLowerCase().includes(part);
};

const textsOf = (policy: Pick<DenyPolicy, 'value'>): readonly unknown[] => {
  const { value } = policy;
  return typeof value === 'string' ? [value] : [textOf(policy), ...Object.values(value)];
};
