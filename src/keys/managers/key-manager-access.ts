import { Injectable } from '@nestjs/common';
import { hasAnyRole, type User } from '../../domain/user.js';
import type { Membership } from '../../identity/consumer-organizations/membership.js';
import { Memberships } from '../../identity/consumer-organizations/memberships.js';
import type { KeyManager } from './key-manager.js';

type Restricted = Pick<KeyManager, 'permissions' | 'allowedOrganizations'>;

/** Decides who may see a key manager in the developer portal and make keys with it (`reference/admin.md` §4). */
@Injectable()
export class KeyManagerAccess {
  constructor(private readonly memberships: Memberships) {}

  /** Those that the caller may use in the tenant; one statement, whatever their number. */
  async usable<M extends Restricted>(caller: User, organization: string, keyManagers: readonly M[]): Promise<readonly M[]> {
    const membership = await this.memberships.of(organization, caller);
    // A role is worth something in its own tenant alone.
    const held = { roles: caller.organization === organization ? caller.roles : [] };
    return keyManagers.filter((keyManager) => mayUse(held, membership, keyManager));
  }
}

/** Whether roles and organization open a key manager. */
export const mayUse = (caller: Pick<User, 'roles'>, membership: Membership, { permissions, allowedOrganizations }: Restricted): boolean => {
  const isListed = hasAnyRole(caller, permissions.roles);
  if (permissions.permissionType === 'ALLOW' && !isListed) return false;
  if (permissions.permissionType === 'DENY' && isListed) return false;
  return isOpenTo(membership, allowedOrganizations);
};

const isOpenTo = (membership: Membership, allowed: readonly string[]): boolean => {
  if (allowed.length === 0 || allowed.some((word) => word.toLowerCase() === 'all')) return true;
  if (membership.kind === 'member') return allowed.includes(membership.id);
  return membership.kind !== 'stranger';
};
