import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import { EVERYONE_ROLE } from '../../domain/user.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { AccountChanges } from '../account-changes.js';
import { TenantEntity } from '../tenants/tenant.entity.js';
import { isStorable } from '../users/user-rules.js';
import { OwnerNeedsAdmin } from '../users/users.problems.js';
import { RoleEntity, UserRoleEntity } from './role.entity.js';
import { checkRoleName, isAdminRole, isEveryoneRole } from './role-rules.js';
import { AdminRoleFixed, EveryoneRoleFixed, MemberUnknown, RoleExists, RoleNotFound } from './roles.problems.js';

/** What may change about a role. */
export interface RoleChange {
  readonly name?: string;
  /** The ids of all users who hold it from now on. */
  readonly members?: readonly string[];
  readonly permissions?: readonly string[];
}

/** What people call the role where they meet it: `Group` or `Role`. */
export type RoleKind = 'Group' | 'Role';

/** The roles of all tenants and who holds them. */
@Injectable()
export class RolesService {
  constructor(
    @InjectRepository(RoleEntity) private readonly roles: Repository<RoleEntity>,
    @InjectRepository(UserRoleEntity) private readonly userRoles: Repository<UserRoleEntity>,
    private readonly changes: AccountChanges,
  ) {}

  /** Those of the names that are no role of this tenant. */
  async missing(organization: string, roles: readonly string[]): Promise<string[]> {
    if (roles.length === 0) return [];
    const rows: readonly { name: string }[] = await this.roles.query(
      `SELECT wanted.name FROM unnest($2::text[]) WITH ORDINALITY AS wanted(name, place)
       WHERE NOT EXISTS (SELECT 1 FROM roles r WHERE r.organization = $1 AND lower(r.name) = lower(wanted.name)) ORDER BY wanted.place`,
      [organization, roles.map((role) => role.replaceAll('\0', '\uFFFD'))],
    );
    return rows.map(({ name }) => name);
  }

  /** The role of this name, compared without regard to case. */
  async byName(organization: string, name: string): Promise<RoleEntity | undefined> {
    if (!isStorable(name)) return undefined;
    const query = this.roles
      .createQueryBuilder('r')
      .where('r.organization = :organization AND lower(r.name) = lower(:name)', { organization, name });
    return (await query.getOne()) ?? undefined;
  }

  /** The names of all roles a user holds, `Internal/everyone` among them. */
  async namesOf(organization: string, userId: string): Promise<readonly string[]> {
    const held = await this.userRoles.findBy({ organization, userId });
    const rows = await this.roles.find({ where: { organization, id: In(held.map(({ roleId }) => roleId)) }, order: { name: 'ASC' } });
    return [...rows.map(({ name }) => name), EVERYONE_ROLE];
  }

  /** Adds the roles, by name with their permissions, that the tenant does not have already. */
  async addAbsent(tx: Tx, organization: string, roles: ReadonlyMap<string, readonly string[]>): Promise<void> {
    await tx.em.query(
      `INSERT INTO roles (organization, id, name, permissions)
       SELECT $1, gen_random_uuid(), name, permissions FROM jsonb_to_recordset($2::jsonb) AS given(name text, permissions text[])
       ON CONFLICT (organization, lower(name)) DO NOTHING`,
      [organization, JSON.stringify(Array.from(roles, ([name, permissions]) => ({ name, permissions })))],
    );
  }

  /** Gives a user roles of its tenant; what it holds already stays, and names that are no role are passed over. */
  async grant(tx: Tx, organization: string, userId: string, roles: readonly string[]): Promise<void> {
    await tx.em.query(
      `INSERT INTO user_roles (organization, user_id, role_id)
       SELECT r.organization, $2, r.id FROM roles r WHERE r.organization = $1 AND lower(r.name) IN (SELECT lower(name) FROM unnest($3::text[]) AS wanted(name))
       ON CONFLICT DO NOTHING`,
      [organization, userId, roles],
    );
    await this.changes.tell(tx, organization);
    tx.raise('user.changed', { organization, userId });
  }

  /** Takes roles from a user of the tenant. @throws OwnerNeedsAdmin (403) */
  async withdraw(tx: Tx, organization: string, userId: string, roles: readonly string[]): Promise<void> {
    const isOwner = roles.some(isAdminRole) && (await tx.em.existsBy(TenantEntity, { organization, ownerId: userId }));
    if (isOwner) throw OwnerNeedsAdmin();
    await tx.em.query(
      `DELETE FROM user_roles WHERE organization = $1 AND user_id = $2 AND role_id IN
         (SELECT id FROM roles r WHERE r.organization = $1 AND lower(r.name) IN (SELECT lower(name) FROM unnest($3::text[]) AS wanted(name)))`,
      [organization, userId, roles],
    );
    await this.changes.tell(tx, organization);
    tx.raise('user.changed', { organization, userId });
  }

  /** Adds a role. @throws RoleNameInvalid, MemberUnknown (400), RoleExists (409). */
  async create(tx: Tx, kind: RoleKind, organization: string, name: string, change: Omit<RoleChange, 'name'>): Promise<RoleEntity> {
    checkRoleName(name);
    const now = new Date();
    const { members = [], permissions = [] } = change;
    const role = Object.assign(new RoleEntity(), { id: randomUUID(), organization, name, permissions, createdAt: now, modifiedAt: now });
    await tx.em.insert(RoleEntity, role).catch(onConflict('roles_organization_name', () => RoleExists(kind, name)));
    if (members.length > 0) await this.setMembers(tx, role, members);
    await this.changes.tell(tx, organization);
    tx.raise('role.changed', { organization });
    return role;
  }

  /** The role with this id. */
  async byId(organization: string, id: string): Promise<RoleEntity | undefined> {
    return (await this.roles.findOneBy({ organization, id })) ?? undefined;
  }

  /** The role, held still until the transaction ends. @throws RoleNotFound (404). */
  async lock(tx: Tx, kind: RoleKind, organization: string, id: string): Promise<RoleEntity> {
    const role = await tx.em.findOne(RoleEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
    return found(role, RoleNotFound, kind, id);
  }

  /** Changes a role that was locked. @throws RoleNameInvalid, AdminRoleFixed, EveryoneRoleFixed, MemberUnknown (400), OwnerNeedsAdmin (403), RoleExists (409). */
  async change(tx: Tx, kind: RoleKind, role: RoleEntity, change: RoleChange): Promise<RoleEntity> {
    const { organization, id } = role;
    const { name = role.name, permissions = role.permissions, members } = change;
    if (isEveryoneRole(role.name)) throw EveryoneRoleFixed();
    if (name !== role.name) {
      if (isAdminRole(role.name)) throw AdminRoleFixed();
      checkRoleName(name);
    }
    const next = { name, permissions, modifiedAt: new Date() };
    await tx.em.update(RoleEntity, { organization, id }, next).catch(onConflict('roles_organization_name', () => RoleExists(kind, name)));
    if (members) await this.setMembers(tx, role, members);
    await this.changes.tell(tx, organization);
    tx.raise('role.changed', { organization });
    return Object.assign(role, next);
  }

  /** Removes a role that was locked; whoever held it does so no longer. @throws AdminRoleFixed, EveryoneRoleFixed (400). */
  async remove(tx: Tx, role: RoleEntity): Promise<void> {
    const { organization, id } = role;
    if (isAdminRole(role.name)) throw AdminRoleFixed();
    if (isEveryoneRole(role.name)) throw EveryoneRoleFixed();
    await tx.em.delete(RoleEntity, { organization, id });
    await this.changes.tell(tx, organization);
    tx.raise('role.changed', { organization });
  }

  private async setMembers(tx: Tx, role: RoleEntity, members: readonly string[]): Promise<void> {
    const { organization, id } = role;
    const tenant = isAdminRole(role.name) ? await tx.em.findOneBy(TenantEntity, { organization }) : null;
    if (tenant?.ownerId && !members.includes(tenant.ownerId)) throw OwnerNeedsAdmin();
    // Held until the commit, so that none of them is deleted meanwhile.
    const known: readonly { id: string }[] = await tx.em.query(
      'SELECT u.id FROM users u WHERE u.organization = $1 AND u.id = ANY($2::uuid[]) ORDER BY u.id FOR KEY SHARE',
      [organization, members],
    );
    const knownIds = new Set(known.map((user) => user.id));
    const unknown = members.find((member) => !knownIds.has(member));
    if (unknown !== undefined) throw MemberUnknown(unknown);
    await tx.em.query('DELETE FROM user_roles WHERE organization = $1 AND role_id = $2 AND NOT user_id = ANY($3::uuid[])', [
      organization,
      id,
      members,
    ]);
    await tx.em.query(
      'INSERT INTO user_roles (organization, user_id, role_id) SELECT $1, wanted.id, $2 FROM unnest($3::uuid[]) AS wanted(id) ON CONFLICT DO NOTHING',
      [organization, id, members],
    );
  }
}
