import { Get, Query } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { TenantQueries } from '../../identity/tenants/tenants.queries.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { TENANT_STATES, tenantPage } from '../../tenant-directory/tenant-page.js';
import type { DevportalTenantListDto } from './settings.dto.js';

@DevportalController('tenants', 'Tenants')
export class TenantsDevportalController {
  constructor(private readonly tenants: TenantQueries) {}

  /** The tenants a portal lets its visitors choose from: none, not even the super tenant, where there is nothing to choose. */
  @Get()
  @Anonymous()
  @Paged()
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string', enum: [...TENANT_STATES], default: 'active' } })
  list(@Page() query: PageQuery, @Query('state') state: string | readonly string[] | undefined): Promise<DevportalTenantListDto> {
    return tenantPage(this.tenants, query, state);
  }
}
