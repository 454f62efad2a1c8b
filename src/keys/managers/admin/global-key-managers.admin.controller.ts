import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import { GLOBAL_ORGANIZATION, SUPER_TENANT } from '../../../domain/organization.js';
import { Forbidden } from '../../../domain/problem.js';
import type { User } from '../../../domain/user.js';
import { Caller } from '../../../platform/http/caller.js';
import { AdminController } from '../../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../../platform/http/if-match.js';
import { created, type Reply } from '../../../platform/http/reply.js';
import { Scopes } from '../../../platform/http/scopes.js';
import { KeyManagerAdministration } from './key-manager-administration.js';
import { asShown } from './key-managers.admin.controller.js';
import { AdminKeyManagerListDto, KeyManagerDto } from './key-managers.admin.dto.js';
import { fromKeyManagerDto, toAdminList, toKeyManagerDto } from './key-managers.admin.mapper.js';

/** The key managers of all tenants, which the super tenant keeps (`reference/admin.md` §4). */
@AdminController('global-key-managers')
export class GlobalKeyManagersAdminController {
  constructor(private readonly keyManagers: KeyManagerAdministration) {}

  @Get()
  @ApiTags('Global Key Manager (Collection)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async list(@Caller() caller: User): Promise<AdminKeyManagerListDto> {
    return toAdminList(await this.keyManagers.list(keptBy(caller)));
  }

  @Post()
  @ApiTags('Global Key Manager (Collection)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  @ApiCreatedResponse({ type: KeyManagerDto })
  async create(@Caller() caller: User, @Body() body: KeyManagerDto): Promise<Reply<KeyManagerDto>> {
    const keyManager = await this.keyManagers.create(keptBy(caller), fromKeyManagerDto(body));
    return created(`/global-key-managers/${keyManager.id}`, toKeyManagerDto(keyManager));
  }

  @Get(':keyManagerId')
  @ApiTags('Global Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async get(@Caller() caller: User, @Param('keyManagerId') id: string): Promise<KeyManagerDto> {
    return toKeyManagerDto(await this.keyManagers.get(keptBy(caller), id));
  }

  @Put(':keyManagerId')
  @ApiTags('Global Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async update(
    @Caller() caller: User,
    @Param('keyManagerId') id: string,
    @Body() body: KeyManagerDto,
    @IfMatch() precondition: Precondition,
  ): Promise<KeyManagerDto> {
    return toKeyManagerDto(await this.keyManagers.update(keptBy(caller), id, fromKeyManagerDto(body), asShown(precondition)));
  }

  @Delete(':keyManagerId')
  @ApiTags('Global Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async remove(@Caller() caller: User, @Param('keyManagerId') id: string, @IfMatch() precondition: Precondition): Promise<void> {
    await this.keyManagers.remove(keptBy(caller), id, asShown(precondition));
  }
}

const keptBy = (caller: User): string => {
  if (caller.organization !== SUPER_TENANT) throw Forbidden('Only administrators of the super tenant keep global key managers');
  return GLOBAL_ORGANIZATION;
};
