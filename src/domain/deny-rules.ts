/** What a deny policy may be about (`reference/throttling.md` §6). */
export const CONDITION_TYPES = ['API', 'APPLICATION', 'IP', 'IPRANGE', 'USER'] as const;
export type ConditionType = (typeof CONDITION_TYPES)[number];

/** Key: the id of the deny policy, while it is switched on. It holds for the APIs of its tenant. */
export type DenyRuleDocument =
  /** Path of an API with its version, as in its own document. */
  | { readonly type: 'API'; readonly path: string }
  /** The owner as in the application's own document: with the tenant, but in the super tenant. */
  | { readonly type: 'APPLICATION'; readonly owner: string; readonly name: string }
  /** Addresses from the first to the last, both included; inverted: all others. */
  | { readonly type: 'IP'; readonly first: string; readonly last: string; readonly isInverted: boolean }
  /** The name is without the tenant, its case does not matter; `id` is what tokens call the user, null while there is no user of the name. */
  | { readonly type: 'USER'; readonly name: string; readonly id: string | null };
