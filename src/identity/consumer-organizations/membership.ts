import type { Api } from '../../domain/api.js';

/** Where a person stands among the consumer organizations of a tenant. */
export type Membership =
  /** Consumer organizations play no part: they are switched off. */
  | { readonly kind: 'none' }
  /** The tenant has no consumer organizations, so nobody can be outside of them. */
  | { readonly kind: 'undivided' }
  /** One of those who keep the consumer organizations. */
  | { readonly kind: 'parent' }
  | { readonly kind: 'member'; readonly id: string }
  | { readonly kind: 'stranger' };

/** The words in an API's `visibleOrganizations`, one of which opens it; undefined where all are open (`reference/identity.md` §7). */
export const openingWords = (membership: Membership): readonly string[] | undefined => {
  if (membership.kind === 'undivided') return ['all', 'none'];
  if (membership.kind === 'member') return ['all', membership.id];
  return membership.kind === 'stranger' ? ['all'] : undefined;
};

export const mayOpen = (membership: Membership, api: { readonly details: Pick<Api['details'], 'visibleOrganizations'> }): boolean => {
  const words = openingWords(membership);
  return words === undefined || api.details.visibleOrganizations.some((word) => words.includes(word));
};

/** The plans an API offers to a person: an organization with plans of its own has no others. */
export const plansFor = (
  membership: Membership,
  { policies, details }: { readonly policies: readonly string[]; readonly details: Pick<Api['details'], 'organizationPolicies'> },
): readonly string[] =>
  (membership.kind === 'member' && details.organizationPolicies.find(({ organizationID }) => organizationID === membership.id)?.policies) ||
  policies;
