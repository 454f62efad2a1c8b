import type { Account } from '../../platform/auth/accounts.js';

/** On whose behalf tokens are issued: an account of the store, or a user of an outside identity provider. */
export interface TokenSubject extends Account {
  /** `sub` of the tokens; an account's own id unless given. */
  readonly subject?: string;
  /** Further claims of the access token; they never replace one that the key manager makes. */
  readonly claims?: Readonly<Record<string, unknown>>;
}
