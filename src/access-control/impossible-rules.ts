import { StartError } from '../platform/config/config-error.js';
import { type AccessRule, ruleFor } from './access-rules.js';
import { type DeclaredResource, samplePath } from './declared-resource.js';

/**
 * Checks every rule against every resource that it is the first to be about. @throws StartError for what cannot be honoured: an operation that needs a caller
 * is not opened to nobody, and what has a credential of its own kind has no place for a second one.
 * @returns a line for each rule that is about no resource here.
 */
export const checkedRules = (
  rules: readonly AccessRule[],
  resources: readonly DeclaredResource[],
  knowsUsers: boolean,
): readonly string[] => {
  const used = new Set<AccessRule>();
  for (const resource of resources) {
    const rule = ruleFor(rules, resource.method, samplePath(resource));
    if (rule === undefined) continue;
    used.add(rule);
    const reason = impossibility(rule, resource, knowsUsers);
    if (reason !== undefined) throw new StartError(`${rule.name} cannot be honoured for ${resource.method} ${resource.path}: ${reason}`);
  }
  return rules
    .filter((rule) => !used.has(rule))
    .map((rule) => `${rule.name} is about no resource that this server has, or none that an entry before it leaves`);
};

const impossibility = (
  { isSecure, isDenied, scopes, permissions }: AccessRule,
  { access }: DeclaredResource,
  knowsUsers: boolean,
): string | undefined => {
  if (isDenied) return undefined;
  if (!isSecure) {
    if (access === 'user') return 'it works for a caller, and without one there is nobody to work for';
    return access === 'own' ? 'it is guarded by a credential of its own, which this does not take off' : undefined;
  }
  if (access === 'request') return 'what is sent to it is its credential, and leaves no place for a user’s';
  if (access === 'own')
    return scopes.length + permissions.length > 0 ? 'its credential is of its own kind, and has neither scopes nor permissions' : undefined;
  return knowsUsers ? undefined : 'this profile knows no users';
};
