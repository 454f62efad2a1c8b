import { Get, Query } from '@nestjs/common';
import { ApiQuery } from '@nestjs/swagger';
import { SUPER_TENANT } from '../../domain/organization.js';
import { BadRequest } from '../../domain/problem.js';
import { TenantQueries } from '../../identity/tenants/tenants.queries.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { DevportalTenantListDto } from './settings.dto.js';

const STATES = ['active', 'inactive'] as const;

@DevportalController('tenants', 'Tenants')
export class TenantsDevportalController {
  constructor(private readonly tenants: TenantQueries) {}

  /** The tenants a portal lets its visitors choose from: none, not even the super tenant, where there is nothing to choose. */
  @Get()
  @Anonymous()
  @Paged()
  @ApiQuery({ name: 'state', required: false, schema: { type: 'string', enum: [...STATES], default: 'active' } })
  async list(@Page() query: PageQuery, @Query('state') text: string | readonly string[] | undefined): Promise<DevportalTenantListDto> {
    // A repeated parameter arrives as a list; the first counts.
    const [word] = [text].flat();
    const state = STATES.find((each) => each === (word || 'active').toLowerCase());
    if (!state) throw BadRequest('Invalid value for the query parameter state');
    const created = await this.tenants.domains(state === 'active');
    const domains = state === 'active' && created.length > 0 ? [SUPER_TENANT, ...created] : created;
    const list = domains.slice(query.offset, query.offset + query.limit).map((domain) => ({ domain, status: state }));
    return { ...page(list, domains.length, query), list };
  }
}
