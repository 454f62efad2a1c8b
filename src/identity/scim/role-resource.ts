import type { RoleEntity } from '../roles/role.entity.js';
import { INTERNAL } from '../roles/role-rules.js';
import type { RoleKind } from '../roles/roles.service.js';
import type { Resource } from './scim-lists.js';
import type { ResourcePath, ScimUrls } from './scim-urls.js';

const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const ROLE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:2.0:Role';

/** One of the three faces that roles have in SCIM (`reference/identity.md` §3). */
export interface RoleFace {
  readonly path: ResourcePath;
  readonly kind: RoleKind;
  readonly schema: string;
  /** What the list of holders is called. */
  readonly members: 'members' | 'users';
  readonly version: 1 | 2;
}

export const GROUPS: RoleFace = { path: 'Groups', kind: 'Group', schema: GROUP_SCHEMA, members: 'members', version: 1 };
export const ROLES: RoleFace = { path: 'Roles', kind: 'Role', schema: ROLE_SCHEMA, members: 'users', version: 1 };
export const ROLES_V2: RoleFace = { path: 'v2/Roles', kind: 'Role', schema: ROLE_SCHEMA, members: 'users', version: 2 };

export interface Member {
  readonly id: string;
  readonly name: string;
}

/** The tenant as the audience of its roles. */
export interface Audience {
  readonly id: string;
  readonly organization: string;
}

/** A role's name as SCIM shows it: without `Internal/`, which the kind of resource says. */
export const shownRole = (name: string): string =>
  name.toLowerCase().startsWith(INTERNAL.toLowerCase()) ? name.slice(INTERNAL.length) : name;

/** A role as a group or a role. Nothing is said about who holds `Internal/everyone`. */
export const toRoleResource = (
  face: RoleFace,
  role: RoleEntity,
  members: readonly Member[],
  audience: Audience,
  urls: ScimUrls,
): Resource => {
  const { organization, id, permissions } = role;
  const holders = members.map(({ id: value, name }) => ({ value, display: name, $ref: urls.of(organization, 'Users', value) }));
  const asRole = {
    groups: [],
    permissions: face.version === 2 ? permissions.map((value) => ({ value, display: value })) : permissions,
    ...(face.version === 2 && {
      audience: { value: audience.id, display: audience.organization, type: 'organization' },
      associatedApplications: [],
      properties: [],
    }),
  };
  return {
    schemas: [face.schema],
    id,
    displayName: face.kind === 'Role' ? shownRole(role.name) : role.name,
    ...(holders.length > 0 && { [face.members]: holders }),
    ...(face.kind === 'Role' && asRole),
    meta: {
      resourceType: face.kind,
      created: role.createdAt.toISOString(),
      lastModified: role.modifiedAt.toISOString(),
      location: urls.of(organization, face.path, id),
    },
  };
};
