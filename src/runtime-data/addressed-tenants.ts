import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../domain/organization.js';
import { problem } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Accounts } from '../platform/auth/accounts.js';

/** A tenant that is not there, or none of the caller's. */
export const UnknownTenant = problem(400, 901300, 'Bad Request', 'Tenant domain %s does not exist.');

const ALL_TENANTS = 'ALL';

/** What an administrator may see: null is everything. */
export const everythingOf = ({ organization }: Pick<User, 'organization'>): string | null =>
  organization === SUPER_TENANT ? null : organization;

/** Which tenant a request speaks of: an administrator of the super tenant may name any, every other one only the own tenant. */
@Injectable()
export class AddressedTenants {
  constructor(private readonly accounts: Accounts) {}

  /** As {@link of}; null for `ALL` of an administrator of the super tenant, of which there is but the own one for others. @throws UnknownTenant (400). */
  async allOr(caller: User, named: string): Promise<string | null> {
    if (named.trim().toUpperCase() !== ALL_TENANTS) return this.of(caller, named);
    return everythingOf(caller);
  }

  /** The named tenant, or the caller's where none is named. @throws UnknownTenant (400). */
  async of(caller: User, named: string | undefined): Promise<string> {
    const tenant = named?.trim() || caller.organization;
    if (tenant === caller.organization) return tenant;
    if (caller.organization !== SUPER_TENANT || tenant.includes('\0') || !(await this.accounts.isActive(tenant)))
      throw UnknownTenant(tenant);
    return tenant;
  }
}
