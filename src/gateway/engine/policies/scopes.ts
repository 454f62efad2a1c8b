import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { scopeMissing } from '../refusal.js';

/** A token must hold at least one of the operation's scopes; keys have none (`reference/key-manager.md` §4.1). */
export const scopes = ({ scopes: accepted, target }: Pick<Operation, 'scopes' | 'target'>): Policy => {
  const wanted = new Set(accepted);
  const refusal = scopeMissing(target);
  return ({ token, apiKey, isTest }) =>
    isTest || apiKey !== null || token?.scopes.some((scope) => wanted.has(scope)) ? undefined : refusal;
};
