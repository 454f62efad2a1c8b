import { rolesOf } from '../roles/role-lists.js';
import type { WholeTenantConfig } from '../tenant-config/tenant-config-rules.js';
import { DESCRIBED_SCOPES } from './described-scopes.js';
import type { AdminScopeDto, AdminScopeListDto, RoleAliasListDto } from './system-scopes.dto.js';

/** The tag of a scope that the tenant made up itself. */
const OWN_TAG = 'other';

const toScopeDto = (name: string, roles: readonly string[]): AdminScopeDto => {
  const described = DESCRIBED_SCOPES.get(name);
  return { tag: described?.portal ?? OWN_TAG, name, description: described?.description ?? '', roles: [...roles] };
};

export const toScopeList = ({ RESTAPIScopes: { Scope } }: WholeTenantConfig): AdminScopeListDto => ({
  count: Scope.length,
  list: Scope.map(({ Name, Roles }) => toScopeDto(Name, rolesOf(Roles))),
});

export const toRoleAliasList = ({ RoleMappings = {} }: WholeTenantConfig): RoleAliasListDto => {
  const list = Object.entries(RoleMappings).map(([role, aliases]) => ({ role, aliases: [...rolesOf(aliases)] }));
  return { count: list.length, list };
};
