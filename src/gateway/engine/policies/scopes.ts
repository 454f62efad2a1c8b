import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';

/** A token must hold at least one of the operation's scopes; keys have none (`reference/key-manager.md` §4.1). */
export const scopes = (operation: Operation): Policy => {
  const wanted = new Set(operation.scopes);
  return ({ token, apiKey, isTest }) =>
    isTest || apiKey !== null || token?.scopes.some((scope) => wanted.has(scope)) ? undefined : operation.scopeMissing;
};
