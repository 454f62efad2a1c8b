import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';

/** The token must hold at least one of the operation's scopes (`reference/key-manager.md` §4.1). */
export const scopes = (operation: Operation): Policy => {
  const wanted = new Set(operation.scopes);
  return ({ token, isTest }) => (isTest || token?.scopes.some((scope) => wanted.has(scope)) ? undefined : operation.scopeMissing);
};
