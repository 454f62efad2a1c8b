import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { UserEntity } from '../users/user.entity.js';
import type { ListRequest } from './scim-lists.js';
import { type Comparable, type Comparables, SqlConditions } from './sql-conditions.js';
import { attributeAt, withoutCoreSchema } from './user-attributes.js';
import { listAttribute } from './user-lists.js';
import type { HeldRole } from './user-resource.js';

const ROLE_NAMES = `EXISTS (
  SELECT 1 FROM roles r LEFT JOIN user_roles ur ON ur.organization = r.organization AND ur.role_id = r.id AND ur.user_id = u.id
  WHERE r.organization = u.organization AND (ur.user_id IS NOT NULL OR r.name = 'Internal/everyone') AND ?)`;
const text = (...expressions: readonly string[]): Comparable => ({ kind: 'text', expressions });

/** A claim's name comes from our tables or was checked against a pattern, except for its quotes. */
const claim = (name: string): string => `u.claims->>'${name.replaceAll("'", "''")}'`;

const FIXED: ReadonlyMap<string, Comparable> = new Map<string, Comparable>([
  ['id', text('u.id::text')],
  ['username', text('u.name')],
  ['meta.created', { kind: 'date', expression: 'u.created_at' }],
  ['meta.lastmodified', { kind: 'date', expression: 'u.modified_at' }],
  ['groups', { kind: 'rows', of: 'r.name', exists: ROLE_NAMES }],
  ['groups.display', { kind: 'rows', of: 'r.name', exists: ROLE_NAMES }],
  ['groups.value', { kind: 'rows', of: 'r.id::text', exists: ROLE_NAMES }],
  ['roles', { kind: 'rows', of: "regexp_replace(r.name, '^Internal/', '', 'i')", exists: ROLE_NAMES }],
  ['roles.display', { kind: 'rows', of: "regexp_replace(r.name, '^Internal/', '', 'i')", exists: ROLE_NAMES }],
  ['roles.value', { kind: 'rows', of: 'r.id::text', exists: ROLE_NAMES }],
]);

const COLUMNS = {
  locked: '(u.locked OR coalesce(u.unlock_at > now(), false))::text',
  disabled: 'u.disabled::text',
  active: '(NOT u.disabled)::text',
} as const;

const comparables: Comparables = (path) => {
  const name = withoutCoreSchema(path).toLowerCase();
  const fixed = FIXED.get(name);
  if (fixed) return fixed;
  const [parent = '', part] = name.split('.');
  const list = listAttribute(parent);
  if (list) return text(...list.claims(part === 'value' ? undefined : part).map(claim));
  const attribute = attributeAt(path);
  return attribute && text(attribute.column ? COLUMNS[attribute.column] : claim(attribute.claim));
};

/** Reads of users for SCIM: a constant number of statements, whatever the size of the list. */
@Injectable()
export class ScimUserQueries {
  constructor(@InjectRepository(UserEntity) private readonly users: Repository<UserEntity>) {}

  /** @throws the filter's refusals (400). */
  async list(
    organization: string,
    { filter, startIndex, count }: ListRequest,
  ): Promise<{ readonly users: readonly UserEntity[]; readonly total: number }> {
    const where = new SqlConditions('u.organization = $1', [organization]).filter(filter, comparables);
    const window = [...where.parameters, count, startIndex - 1];
    const [rows, [{ total }]]: [readonly UserRow[], [{ total: number }]] = await Promise.all([
      this.users.query(
        `SELECT u.id, u.organization, u.name, u.claims, u.locked, u.disabled, u.failed_logins AS "failedLogins", u.lockouts,
           u.unlock_at AS "unlockAt", u.created_at, u.modified_at FROM users u
         WHERE ${where} ORDER BY lower(u.name) LIMIT $${window.length - 1} OFFSET $${window.length}`,
        window,
      ),
      this.users.query(`SELECT count(*)::int AS total FROM users u WHERE ${where}`, where.parameters),
    ]);
    return {
      total,
      users: rows.map(({ created_at, modified_at, ...row }) =>
        Object.assign(new UserEntity(), row, { createdAt: created_at, modifiedAt: modified_at }),
      ),
    };
  }

  /** The roles each of the users holds, `Internal/everyone` first. */
  async rolesOf(organization: string, userIds: readonly string[]): Promise<(userId: string) => readonly HeldRole[]> {
    const rows: readonly (HeldRole & { readonly userId: string | null })[] = await this.users.query(
      `SELECT r.id, r.name, ur.user_id AS "userId" FROM roles r
       LEFT JOIN user_roles ur ON ur.organization = r.organization AND ur.role_id = r.id AND ur.user_id = ANY($2::uuid[])
       WHERE r.organization = $1 AND (ur.user_id IS NOT NULL OR r.name = 'Internal/everyone') ORDER BY ur.user_id NULLS FIRST, lower(r.name)`,
      [organization, userIds],
    );
    return (userId) => rows.filter((row) => row.userId === userId || row.userId === null).map(({ id, name }) => ({ id, name }));
  }
}

interface UserRow
  extends Pick<UserEntity, 'id' | 'organization' | 'name' | 'claims' | 'locked' | 'disabled' | 'failedLogins' | 'lockouts' | 'unlockAt'> {
  readonly created_at: Date;
  readonly modified_at: Date;
}
