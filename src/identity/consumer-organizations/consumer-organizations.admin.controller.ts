import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { ConsumerOrganizationEntity } from './consumer-organization.entity.js';
import { AdminOrganizationDto, AdminOrganizationListDto } from './consumer-organizations.dto.js';
import { fromOrganizationDto, toOrganizationDto } from './consumer-organizations.mapper.js';
import { ConsumerOrganizationsService } from './consumer-organizations.service.js';

const READ = ['apim:admin', 'apim:organization_read'] as const;
const MANAGE = ['apim:admin', 'apim:organization_manage'] as const;

@AdminController('organizations', 'Organizations')
export class ConsumerOrganizationsAdminController {
  constructor(private readonly organizations: ConsumerOrganizationsService) {}

  @Get()
  @Scopes(...READ)
  async list(@Caller() caller: User): Promise<AdminOrganizationListDto> {
    const list = (await this.organizations.list(caller.organization)).map(toOrganizationDto);
    return { count: list.length, list };
  }

  @Post()
  @Scopes(...MANAGE)
  @ApiCreatedResponse({ type: AdminOrganizationDto })
  async create(@Caller() caller: User, @Body() body: AdminOrganizationDto): Promise<Reply<AdminOrganizationDto>> {
    const entry = await this.organizations.create(caller, fromOrganizationDto(body));
    return created(`/organizations/${entry.id}`, toOrganizationDto(entry));
  }

  @Get(':organizationId')
  @Scopes(...READ)
  async get(@Caller() caller: User, @Param('organizationId') id: string): Promise<AdminOrganizationDto> {
    return toOrganizationDto(await this.organizations.get(caller.organization, id));
  }

  @Put(':organizationId')
  @Scopes(...MANAGE)
  async update(
    @Caller() caller: User,
    @Param('organizationId') id: string,
    @Body() body: AdminOrganizationDto,
    @IfMatch() precondition: Precondition,
  ): Promise<AdminOrganizationDto> {
    return toOrganizationDto(await this.organizations.update(caller.organization, id, fromOrganizationDto(body), asShown(precondition)));
  }

  @Delete(':organizationId')
  @Scopes(...MANAGE)
  async remove(@Caller() caller: User, @Param('organizationId') id: string, @IfMatch() precondition: Precondition): Promise<void> {
    await this.organizations.remove(caller.organization, id, asShown(precondition));
  }
}

const asShown = (precondition: Precondition) => (current: ConsumerOrganizationEntity) => precondition(toOrganizationDto(current));
