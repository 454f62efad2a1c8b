import { Body, Controller, Delete, Get, Head, Param, Post, Put, Query, UseFilters } from '@nestjs/common';
import { Installation } from '../../platform/config/installation.js';
import { Reply } from '../../platform/http/reply.js';
import { IdentityInterface, Needs } from '../identity.guard.js';
import { UsersService } from '../users/users.service.js';
import { linksOf, parseFilter, parseLimit, parseOffset, parseOrder } from './tenant-list.js';
import { LifecycleStatusDto, type OwnerAnswer, OwnerUpdateDto, type TenantAnswer, TenantModelDto } from './tenants.dto.js';
import { TenantsFilter } from './tenants.filter.js';
import { fromTenantModelDto, ownerChange, toOwnerAnswer, toTenantAnswer } from './tenants.mapper.js';
import { DeletionOff, OwnerUnknown } from './tenants.problems.js';
import { TenantQueries } from './tenants.queries.js';
import { TenantsService } from './tenants.service.js';

const PATH = '/api/server/v1/tenants';
const READ = 'internal_list_tenants';
const WRITE = 'internal_modify_tenants';

type Parameters = Readonly<Record<string, unknown>>;

/** The last value of a query parameter, which may be there more than once. */
const last = (query: Parameters, name: string): string | undefined => {
  const value = [query[name]].flat().at(-1);
  return typeof value === 'string' ? value : undefined;
};

/** Management of tenants by an administrator of the super tenant (`reference/identity.md` §2). */
@Controller(PATH)
@IdentityInterface()
@UseFilters(TenantsFilter)
export class TenantsController {
  constructor(
    private readonly tenants: TenantsService,
    private readonly users: UsersService,
    private readonly queries: TenantQueries,
    private readonly installation: Installation,
  ) {}

  @Post()
  @Needs(WRITE)
  async create(@Body() body: TenantModelDto): Promise<Reply> {
    const { id } = await this.tenants.create(fromTenantModelDto(body));
    return new Reply(201, undefined, { Location: this.urlOf(id) });
  }

  @Get()
  @Needs(READ)
  async list(@Query() query: Parameters) {
    const limit = parseLimit(last(query, 'limit'));
    const offset = parseOffset(last(query, 'offset'));
    const filter = last(query, 'filter');
    const window = { limit, offset, filter: parseFilter(filter), order: parseOrder(last(query, 'sortBy'), last(query, 'sortOrder')) };
    const { rows, total } = await this.queries.list(window);
    const links = linksOf(PATH, { limit, offset, total, filter });
    return { totalResults: total, startIndex: offset + 1, count: rows.length, links, tenants: rows.map(toTenantAnswer) };
  }

  // Before GET, which would answer HEAD too.
  @Head('domain/:domain')
  @Needs(READ)
  async isTaken(@Param('domain') domain: string): Promise<Reply> {
    return new Reply((await this.tenants.byDomain(domain)) ? 200 : 404);
  }

  @Get('domain/:domain')
  @Needs(READ)
  async byDomain(@Param('domain') domain: string): Promise<TenantAnswer> {
    return toTenantAnswer(await this.queries.byDomain(domain));
  }

  @Get(':tenantId')
  @Needs(READ)
  async get(@Param('tenantId') id: string): Promise<TenantAnswer> {
    return toTenantAnswer(await this.queries.byId(id));
  }

  @Get(':tenantId/owners')
  @Needs(READ)
  async owners(@Param('tenantId') id: string): Promise<TenantAnswer['owners']> {
    return toTenantAnswer(await this.queries.byId(id)).owners;
  }

  @Get(':tenantId/owners/:ownerId')
  @Needs(READ)
  async owner(@Param('tenantId') id: string, @Param('ownerId') ownerId: string, @Query() query: Parameters): Promise<OwnerAnswer> {
    const tenant = await this.queries.byId(id);
    if (tenant.ownerId !== ownerId) throw OwnerUnknown(ownerId);
    const asked = (last(query, 'additionalClaims') ?? '').split(',').filter((claim) => claim !== '');
    return toOwnerAnswer(await this.users.get(tenant.domain, ownerId), asked);
  }

  @Put(':tenantId/owners/:ownerId')
  @Needs(WRITE)
  async changeOwner(@Param('tenantId') id: string, @Param('ownerId') ownerId: string, @Body() body: OwnerUpdateDto): Promise<Reply> {
    const tenant = await this.queries.byId(id);
    await this.tenants.changeOwner(tenant.id, ownerId, (claims) => ownerChange(body, claims));
    return new Reply(200);
  }

  @Put(':tenantId/lifecycle-status')
  @Needs(WRITE)
  async setActive(@Param('tenantId') id: string, @Body() body: LifecycleStatusDto): Promise<string> {
    const tenant = await this.queries.byId(id);
    await this.tenants.setActive(tenant.id, body.activated);
    return JSON.stringify(this.urlOf(tenant.id));
  }

  @Delete(':tenantId/metadata')
  @Needs(WRITE)
  async remove(@Param('tenantId') id: string): Promise<never> {
    await this.queries.byId(id);
    throw DeletionOff();
  }

  private urlOf(id: string): string {
    return `${this.installation.managementUrl}${PATH}/${id}`;
  }
}
