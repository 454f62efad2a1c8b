import { SUPER_TENANT } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { NotOfSuperTenant } from './custom-rules.problems.js';

/** What an administrator decides about a rule. */
export interface CustomRuleContent {
  readonly name: string;
  /** When it is stored empty, the name. */
  readonly displayName: string;
  readonly description: string;
  readonly siddhiQuery: string;
  readonly keyTemplate: string;
}

/** A limit of the whole gateway, written as a query (`reference/throttling.md` §8). */
export interface CustomRule extends CustomRuleContent {
  readonly id: string;
  readonly organization: string;
}

/** Whose rules the caller may see and change: those of the super tenant. @throws NotOfSuperTenant (403) for everybody of another tenant. */
export const rulesOf = (caller: Pick<User, 'organization'>): string => {
  if (caller.organization !== SUPER_TENANT) throw NotOfSuperTenant();
  return SUPER_TENANT;
};
