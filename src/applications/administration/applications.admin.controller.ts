import { Body, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Application } from '../../domain/application.js';
import { nameWithin } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { queryText } from '../../platform/http/query-text.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApplicationDetails } from '../application-details.js';
import { AdminApplicationDto, AdminApplicationListDto, ApplicationUpdateRequestDto } from './administered-applications.dto.js';
import { toAdminApplicationDto, toAdminApplicationInfoDto } from './administered-applications.mapper.js';
import { OwnerMissing } from './administered-applications.problems.js';
import { administeredSorting } from './administered-applications.queries.js';
import { ApplicationAdministration } from './application-administration.service.js';

@AdminController('applications')
export class ApplicationsAdminController {
  constructor(
    private readonly applications: ApplicationAdministration,
    private readonly details: ApplicationDetails,
  ) {}

  @Get()
  @ApiTags('Application (Collection)')
  @Scopes('apim:admin', 'apim:app_settings_change', 'apim:app_owner_change', 'apim:app_import_export', 'apim:admin_application_view')
  @Paged()
  @ApiHeader({ name: 'accept', required: false })
  @ApiQuery({ name: 'user', required: false, type: String })
  @ApiQuery({ name: 'name', required: false, type: String })
  @ApiQuery({ name: 'tenantDomain', required: false, type: String })
  @ApiQuery({ name: 'sortBy', required: false, schema: { type: 'string', enum: ['name', 'owner'], default: 'name' } })
  @ApiQuery({ name: 'sortOrder', required: false, schema: { type: 'string', enum: ['asc', 'desc'], default: 'asc' } })
  async list(
    @Caller() caller: User,
    @Page() query: PageQuery,
    @Query('user') user: unknown,
    @Query('name') name: unknown,
    @Query('tenantDomain') tenantDomain: unknown,
    @Query('sortBy') sortBy: unknown,
    @Query('sortOrder') sortOrder: unknown,
  ): Promise<AdminApplicationListDto> {
    const tenant = queryText(tenantDomain) || caller.organization;
    const { items, total } = await this.applications.list(caller, tenant, {
      ...query,
      ...administeredSorting(queryText(sortBy), queryText(sortOrder)),
      owner: nameWithin(tenant, queryText(user) ?? ''),
      name: queryText(name) ?? '',
    });
    const list = items.map(toAdminApplicationInfoDto);
    return { ...page(list, total, query), list };
  }

  @Get(':applicationId')
  @ApiTags('Applications')
  @Scopes('apim:admin', 'apim:app_import_export', 'apim:admin_application_view')
  async get(@Caller() caller: User, @Param('applicationId') id: string): Promise<AdminApplicationDto> {
    return this.whole(await this.applications.get(caller, id));
  }

  @Delete(':applicationId')
  @ApiTags('Applications')
  @Scopes('apim:admin', 'apim:app_import_export')
  async remove(@Caller() caller: User, @Param('applicationId') id: string): Promise<void> {
    await this.applications.remove(caller, id);
  }

  @Post(':applicationId/change-owner')
  @ApiTags('Application')
  @Scopes('apim:admin', 'apim:app_owner_change')
  @ApiOperation({ deprecated: true })
  @ApiQuery({ name: 'owner', required: true, type: String })
  @HttpCode(200)
  async changeOwner(@Caller() caller: User, @Param('applicationId') id: string, @Query('owner') owner: unknown): Promise<void> {
    await this.applications.changeOwner(caller, id, userName(owner));
  }

  @Post(':applicationId/change-settings')
  @ApiTags('Application')
  @Scopes('apim:admin', 'apim:app_settings_change')
  @ApiOperation({ operationId: 'updateApplicationSettings' })
  @HttpCode(200)
  async updateApplicationSettings(
    @Caller() caller: User,
    @Param('applicationId') id: string,
    @Body() { owner }: ApplicationUpdateRequestDto,
  ): Promise<AdminApplicationDto> {
    const isNamed = owner !== undefined && owner !== null;
    return this.whole(isNamed ? await this.applications.changeOwner(caller, id, userName(owner)) : await this.applications.get(caller, id));
  }

  private async whole(application: Application): Promise<AdminApplicationDto> {
    return toAdminApplicationDto(application, await this.details.subscribed(application));
  }
}

/** @throws OwnerMissing (400) for nothing, a blank, and more than one. */
const userName = (text: unknown): string => {
  const name = typeof text === 'string' ? text.trim() : '';
  if (name === '') throw OwnerMissing();
  return name;
};
