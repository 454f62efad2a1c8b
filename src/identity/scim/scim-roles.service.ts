import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import type { RoleEntity } from '../roles/role.entity.js';
import { INTERNAL, isStoreRole } from '../roles/role-rules.js';
import { RoleExists, RoleNotFound } from '../roles/roles.problems.js';
import { RolesService } from '../roles/roles.service.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { parsePatch } from './patch-operations.js';
import { RoleDraft } from './role-draft.js';
import { type Member, type RoleFace, shownRole, toRoleResource } from './role-resource.js';
import { InvalidValue } from './scim.problems.js';
import type { Found, ListRequest, Resource } from './scim-lists.js';
import { ScimRoleQueries } from './scim-roles.queries.js';
import { ScimUrls } from './scim-urls.js';
import { isUuid } from './scim-users.service.js';

/** Roles as SCIM groups and roles: one table, seen from two sides (`reference/identity.md` §3). */
@Injectable()
export class ScimRolesService {
  constructor(
    private readonly roles: RolesService,
    private readonly queries: ScimRoleQueries,
    private readonly tenants: TenantsService,
    private readonly transactions: Transactions,
    private readonly urls: ScimUrls,
  ) {}

  async list(face: RoleFace, organization: string, request: ListRequest): Promise<Found<Resource>> {
    const { roles, total } = await this.queries.list(face, organization, request);
    const membersOf = await this.queries.membersOf(
      organization,
      roles.map(({ id }) => id),
    );
    const tenant = await this.audience(organization);
    return { total, resources: roles.map((role) => toRoleResource(face, role, membersOf(role.id), tenant, this.urls)) };
  }

  /** @throws RoleNotFound (404). */
  async get(face: RoleFace, organization: string, id: string): Promise<Resource> {
    const role = isUuid(id) ? await this.roles.byId(organization, id) : undefined;
    return this.shown(face, seenIn(face, role, id));
  }

  /** A role without a domain becomes `Internal/x`; a group a role of the store. @throws RoleExists (409) and the rules' refusals (400). */
  async create(face: RoleFace, organization: string, body: unknown): Promise<Resource> {
    const draft = new RoleDraft(face).applyResource(body);
    const { displayName } = draft;
    if (displayName === undefined || displayName === '')
      throw InvalidValue('Required attribute displayName is missing in the SCIM Object.');
    if (face.kind === 'Role' && (await this.roles.byName(organization, displayName))) throw RoleExists(face.kind, shownRole(displayName));
    const name = storedName(face, displayName);
    return this.transactions.run(async (tx) =>
      this.shown(face, await this.roles.create(tx, face.kind, organization, name, draft.change), tx),
    );
  }

  /** Applies all operations or none. @throws RoleNotFound (404) and the refusals of the operations (400). */
  async patch(face: RoleFace, organization: string, id: string, body: unknown): Promise<Resource> {
    const operations = parsePatch(body);
    return this.edit(face, organization, id, (role, members) =>
      new RoleDraft(face, { members, permissions: role.permissions }).applyOperations(operations),
    );
  }

  /** Replaces name, holders and permissions. @throws RoleNotFound (404) and the rules' refusals (400). */
  async replace(face: RoleFace, organization: string, id: string, body: unknown): Promise<Resource> {
    return this.edit(face, organization, id, () => {
      const draft = new RoleDraft(face).applyResource(body);
      draft.members ??= [];
      if (face.kind === 'Role') draft.permissions ??= [];
      return draft;
    });
  }

  /** @throws RoleNotFound (404), AdminRoleFixed, EveryoneRoleFixed (400). */
  async remove(face: RoleFace, organization: string, id: string): Promise<void> {
    await this.transactions.run(async (tx) => this.roles.remove(tx, await this.locked(tx, face, organization, id)));
  }

  private edit(
    face: RoleFace,
    organization: string,
    id: string,
    make: (role: RoleEntity, members: readonly Member[]) => RoleDraft,
  ): Promise<Resource> {
    return this.transactions.run(async (tx) => {
      const role = await this.locked(tx, face, organization, id);
      const membersOf = await this.queries.membersOf(organization, [role.id], tx.em);
      const { displayName, change } = make(role, membersOf(role.id));
      const isRenamed = displayName !== undefined && displayName.toLowerCase() !== this.nameIn(face, role).toLowerCase();
      const name = isRenamed ? renamed(face, role.name, displayName) : undefined;
      return this.shown(face, await this.roles.change(tx, face.kind, role, { ...change, ...(name !== undefined && { name }) }), tx);
    });
  }

  private nameIn(face: RoleFace, role: RoleEntity): string {
    return face.kind === 'Role' ? shownRole(role.name) : role.name;
  }

  /** The role, held still. @throws RoleNotFound (404). */
  private async locked(tx: Tx, face: RoleFace, organization: string, id: string): Promise<RoleEntity> {
    const role = isUuid(id) ? await this.roles.lock(tx, face.kind, organization, id) : undefined;
    return seenIn(face, role, id);
  }

  private async shown(face: RoleFace, role: RoleEntity, tx?: Tx): Promise<Resource> {
    const membersOf = await this.queries.membersOf(role.organization, [role.id], tx?.em);
    return toRoleResource(face, role, membersOf(role.id), await this.audience(role.organization, tx), this.urls);
  }

  private async audience(organization: string, tx?: Tx) {
    const tenant = await this.tenants.byDomain(organization, tx?.em);
    return { id: tenant?.id ?? '', organization };
  }
}

/** Only roles of the store are found among the groups. @throws RoleNotFound (404). */
const seenIn = (face: RoleFace, role: RoleEntity | undefined, id: string): RoleEntity =>
  found(role && (face.kind === 'Role' || isStoreRole(role.name)) ? role : undefined, RoleNotFound, face.kind, id);

/** The name in the store: `PRIMARY/x` is `x`, a role `x` is `Internal/x`. */
const storedName = (face: RoleFace, displayName: string): string => {
  const name = displayName.replace(/^PRIMARY\//i, '');
  if (name.includes('/') || face.kind === 'Group') return name.replace(/^internal\//i, INTERNAL);
  return INTERNAL + name;
};

/** A renamed role stays on its side. */
const renamed = (face: RoleFace, present: string, displayName: string): string =>
  isStoreRole(present) ? displayName.replace(/^PRIMARY\//i, '') : storedName(face, displayName);
