import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { EntityManager, Repository } from 'typeorm';
import { RoleEntity } from '../roles/role.entity.js';
import type { Member, RoleFace } from './role-resource.js';
import type { ListRequest } from './scim-lists.js';
import { type Comparable, SqlConditions } from './sql-conditions.js';

const STORE_ONLY = "r.name !~* '^(Internal|Application)/'";
const MEMBERS = `EXISTS (
  SELECT 1 FROM user_roles ur JOIN users u ON u.organization = ur.organization AND u.id = ur.user_id
  WHERE ur.organization = r.organization AND ur.role_id = r.id AND ?)`;
const text = (expression: string): Comparable => ({ kind: 'text', expressions: [expression] });

const nameOf = (face: RoleFace): string => (face.kind === 'Role' ? "regexp_replace(r.name, '^Internal/', '', 'i')" : 'r.name');

const comparable = (face: RoleFace, path: string): Comparable | undefined => {
  const name = path.toLowerCase().replace(`${face.schema.toLowerCase()}:`, '');
  if (name === 'displayname') return text(nameOf(face));
  if (name === 'id') return text('r.id::text');
  if (name === 'meta.created') return { kind: 'date', expression: 'r.created_at' };
  if (name === 'meta.lastmodified') return { kind: 'date', expression: 'r.modified_at' };
  if (name === face.members || name === `${face.members}.value`) return { kind: 'rows', of: 'u.id::text', exists: MEMBERS };
  if (name === `${face.members}.display`) return { kind: 'rows', of: 'u.name', exists: MEMBERS };
  if (face.version === 2 && name === 'audience.value')
    return text('(SELECT t.id::text FROM tenants t WHERE t.organization = r.organization)');
  if (face.version === 2 && name === 'audience.type') return text("'organization'");
  return undefined;
};

/** Reads of roles for SCIM: a constant number of statements, whatever the size of the list. */
@Injectable()
export class ScimRoleQueries {
  constructor(@InjectRepository(RoleEntity) private readonly roles: Repository<RoleEntity>) {}

  /** @throws the filter's refusals (400). */
  async list(
    face: RoleFace,
    organization: string,
    request: ListRequest,
  ): Promise<{ readonly roles: readonly RoleEntity[]; readonly total: number }> {
    const { filter, count, startIndex } = request;
    const first = face.kind === 'Group' ? `r.organization = $1 AND ${STORE_ONLY}` : 'r.organization = $1';
    const operators = { ne: face.version === 2 };
    const where = new SqlConditions(first, [organization]).filter(
      withoutInternal(face, filter),
      (path) => comparable(face, path),
      operators,
    );
    const window = [...where.parameters, count, startIndex - 1];
    const [rows, [{ total }]]: [readonly RoleRow[], [{ total: number }]] = await Promise.all([
      this.roles.query(
        `SELECT r.* FROM roles r WHERE ${where} ORDER BY lower(r.name) LIMIT $${window.length - 1} OFFSET $${window.length}`,
        window,
      ),
      this.roles.query(`SELECT count(*)::int AS total FROM roles r WHERE ${where}`, where.parameters),
    ]);
    const entities = rows.map(({ created_at, modified_at, ...row }) =>
      Object.assign(new RoleEntity(), row, { createdAt: created_at, modifiedAt: modified_at }),
    );
    return { roles: entities, total };
  }

  /** Who holds each of the roles, inside a transaction when its manager is given. */
  async membersOf(
    organization: string,
    roleIds: readonly string[],
    em: EntityManager = this.roles.manager,
  ): Promise<(roleId: string) => readonly Member[]> {
    const rows: readonly (Member & { readonly roleId: string })[] = await em.query(
      `SELECT u.id, u.name, ur.role_id AS "roleId" FROM user_roles ur JOIN users u ON u.organization = ur.organization AND u.id = ur.user_id
       WHERE ur.organization = $1 AND ur.role_id = ANY($2::uuid[]) ORDER BY lower(u.name)`,
      [organization, roleIds],
    );
    const byRole = Map.groupBy(rows, ({ roleId }) => roleId);
    return (roleId) => (byRole.get(roleId) ?? []).map(({ id, name }) => ({ id, name }));
  }
}

/** `displayName eq Internal/x` names the same role as `displayName eq x`. */
const withoutInternal = (face: RoleFace, filter: string | undefined): string | undefined =>
  face.kind === 'Role' ? filter?.replace(/(displayName +(?:eq|ne|sw) +"?)Internal\//gi, '$1') : filter;

interface RoleRow extends Pick<RoleEntity, 'id' | 'organization' | 'name' | 'permissions'> {
  readonly created_at: Date;
  readonly modified_at: Date;
}
