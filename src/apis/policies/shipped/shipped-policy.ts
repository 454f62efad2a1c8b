import type { PolicySpecification } from '../policy-specification.js';

/** The type of AI APIs, whose subtype no policy checks when it is attached (`reference/publisher.md` §14). */
export const AI_API = { apiType: 'HTTP', subType: 'AIAPI' };

/** A policy that every tenant starts with. */
export interface ShippedPolicy extends Omit<PolicySpecification, 'category'> {
  /** `Mediation` unless given. */
  readonly category?: PolicySpecification['category'];
  /** The gateways' files that its archive holds; the policy itself is built into the gateway. */
  readonly definitions: readonly ('j2' | 'gotmpl')[];
}
