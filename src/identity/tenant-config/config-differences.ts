import { isDeepStrictEqual } from 'node:util';
import type { WholeTenantConfig } from './tenant-config-rules.js';

/** What a change of a tenant's configuration was about: names alone, as values may be secrets. */
export interface ConfigDifferences {
  readonly keys: readonly string[];
  /** Scopes that other roles open now. */
  readonly scopes: readonly string[];
}

export const differences = (before: WholeTenantConfig, after: WholeTenantConfig): ConfigDifferences => {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => !isDeepStrictEqual(before[key], after[key]));
  const [was, is] = [rolesByScope(before), rolesByScope(after)];
  const scopes = [...new Set([...was.keys(), ...is.keys()])].filter((scope) => was.get(scope) !== is.get(scope));
  return { keys: keys.sort(), scopes: scopes.sort() };
};

const rolesByScope = ({ RESTAPIScopes: { Scope } }: WholeTenantConfig): ReadonlyMap<string, string> =>
  new Map(Scope.map(({ Name, Roles }) => [Name, Roles]));
