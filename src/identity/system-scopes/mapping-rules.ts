import type { WholeTenantConfig } from '../tenant-config/tenant-config-rules.js';
import type { AdminScopeDto, RoleAliasDto } from './system-scopes.dto.js';
import { RolesMissing, UnusableMapping } from './system-scopes.problems.js';

const NAME_MAX = 255;

/**
 * The scopes as the tenant configuration keeps them. A scope may stand there twice, as it does where tools list scopes by portal, if it says the same both times.
 * @throws RolesMissing, UnusableMapping (400).
 */
export const mappedScopes = (list: readonly AdminScopeDto[]): WholeTenantConfig['RESTAPIScopes']['Scope'] => {
  const byName = new Map<string, string>();
  for (const { name: text, roles } of list) {
    const name = usable('scope', text);
    const names = [...new Set((roles ?? []).map((role) => usable('role', role)))];
    if (names.length === 0) throw RolesMissing();
    const Roles = names.join(',');
    if (byName.has(name) && byName.get(name) !== Roles)
      throw UnusableMapping(`The scope ${name} stands there twice, with different roles.`);
    byName.set(name, Roles);
  }
  return [...byName].map(([Name, Roles]) => ({ Name, Roles }));
};

/**
 * The aliases as the tenant configuration keeps them; a role without any is left out.
 * @throws UnusableMapping (400).
 */
export const mappedAliases = (list: readonly RoleAliasDto[]): Readonly<Record<string, string>> => {
  const byRole = new Map<string, readonly [role: string, aliases: string]>();
  for (const { role: text, aliases } of list) {
    const role = usable('role', text);
    const names = [...new Set((aliases ?? []).map((alias) => usable('alias', alias)))];
    if (byRole.has(role.toLowerCase())) throw UnusableMapping(`The role ${role} stands there twice.`);
    byRole.set(role.toLowerCase(), [role, names.join(',')]);
  }
  return Object.fromEntries([...byRole.values()].filter(([, aliases]) => aliases !== ''));
};

/** Names are kept with commas between them. */
const usable = (what: string, text: string): string => {
  const name = text.trim();
  if (name === '') throw UnusableMapping(`A ${what} has no name.`);
  if (name.length > NAME_MAX) throw UnusableMapping(`The name of a ${what} may have ${NAME_MAX} characters at most.`);
  if (name.includes(',')) throw UnusableMapping(`The name of a ${what} must not hold a comma: ${name}`);
  return name;
};
