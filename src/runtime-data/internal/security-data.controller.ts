import { Get } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { KeyManagerUrls } from '../../keys/key-manager-urls.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import { Caller } from '../../platform/http/caller.js';
import { ALL, Page, type PageQuery, page } from '../../platform/http/page.js';
import { AddressedTenants, everythingOf } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { Search, TenantHeader } from './requested.js';
import { toApiKey, toEndpointCertificate, toKeyManager, toRevokedEvents, toTenantInfo } from './security-data.mapper.js';
import { SecurityRows } from './security-rows.js';

/** What gateways check callers and backends by. */
@InternalDataController()
export class SecurityDataController {
  constructor(
    private readonly rows: SecurityRows,
    private readonly managers: KeyManagersService,
    private readonly urls: KeyManagerUrls,
    private readonly tenants: AddressedTenants,
  ) {}

  /** The tenant's own and the global ones. */
  @Get('keymanagers')
  async keyManagers(@Caller() caller: User, @TenantHeader() tenant: string) {
    const organization = await this.tenants.allOr(caller, tenant);
    const found = organization === null ? await this.managers.ofAllTenants() : await this.managers.list(organization);
    return found.map((keyManager) => toKeyManager(keyManager, this.urls.tenant(keyManager.organization, '/oauth2/jwks')));
  }

  /** A list of one list. */
  @Get('api-keys')
  async apiKeys(@Caller() caller: User, @TenantHeader() tenant: string, @Page(ALL) query: PageQuery) {
    const { rows, total } = await this.rows.apiKeys(await this.tenants.allOr(caller, tenant), query);
    return [page(rows.map(toApiKey), total, query)];
  }

  @Get('revokedjwt')
  async revoked(@Caller() caller: User) {
    return toRevokedEvents(await this.rows.revocations(everythingOf(caller)));
  }

  @Get('endpoint-certificates')
  async certificates(@Caller() caller: User, @TenantHeader() tenant: string, @Search('alias') alias?: string) {
    const rows = await this.rows.certificates(await this.tenants.allOr(caller, tenant), alias);
    return { certificates: rows.map(toEndpointCertificate) };
  }

  @Get('tenant-info')
  async tenantInfo(@Caller() caller: User, @TenantHeader() tenant: string, @Search('filter') text?: string) {
    const rows = await this.rows.tenants(await this.tenants.allOr(caller, tenant), text);
    return { tenants: rows.map(toTenantInfo) };
  }
}
