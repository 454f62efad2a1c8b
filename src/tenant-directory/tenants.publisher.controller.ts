import { Get, Head, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import { TenantQueries } from '../identity/tenants/tenants.queries.js';
import { TenantsService } from '../identity/tenants/tenants.service.js';
import { PublisherController } from '../platform/http/controllers.js';
import { Page, Paged, type PageQuery } from '../platform/http/page.js';
import { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { TENANT_STATES, tenantPage } from './tenant-page.js';
import type { PublisherTenantListDto } from './tenants.publisher.dto.js';

const READ = ['apim:api_view', 'apim:api_manage', 'apim:mcp_server_view', 'apim:mcp_server_manage'] as const;

@PublisherController('tenants', 'Tenants')
export class TenantsPublisherController {
  constructor(
    private readonly queries: TenantQueries,
    private readonly tenants: TenantsService,
  ) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getTenantsByState' })
  @Paged()
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string', enum: [...TENANT_STATES], default: 'active' } })
  getTenantsByState(
    @Page() query: PageQuery,
    @Query('state') state: string | readonly string[] | undefined,
  ): Promise<PublisherTenantListDto> {
    return tenantPage(this.queries, query, state);
  }

  /** Whether there is a tenant of this domain, active or not. */
  @Head(':tenantDomain')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getTenantExistence' })
  async getTenantExistence(@Param('tenantDomain') tenantDomain: string): Promise<Reply> {
    return new Reply((await this.tenants.byDomain(tenantDomain)) ? 200 : 404);
  }
}
