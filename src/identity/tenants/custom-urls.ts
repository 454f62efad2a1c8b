import { Injectable } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { found, NotFound } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../tenant-config/tenant-configs.js';
import { UsersService } from '../users/users.service.js';
import { TenantsService } from './tenants.service.js';

export interface TenantUrls {
  /** Name of the administrator who owns the tenant; a super tenant may have none. */
  readonly owner: string | undefined;
  readonly devPortal: string | undefined;
}

/** Addresses of their own that tenants have, as their configurations say (`reference/admin.md` §10). */
@Injectable()
export class CustomUrls {
  constructor(
    private readonly tenants: TenantsService,
    private readonly users: UsersService,
    private readonly configs: TenantConfigs,
  ) {}

  /** Other tenants than the caller's do not exist for anybody outside the super tenant. @throws NotFound (404). */
  async of(caller: Pick<User, 'organization'>, domain: string): Promise<TenantUrls> {
    const isVisible = caller.organization === SUPER_TENANT || caller.organization === domain;
    const { organization, ownerId } = found(isVisible ? await this.tenants.byDomain(domain) : undefined, NotFound('Tenant'), domain);
    const owner = ownerId === null ? undefined : await this.users.byId(ownerId);
    const { CustomUrls: urls } = await this.configs.of(organization);
    return { owner: owner?.name, devPortal: urls?.DevPortal };
  }
}
