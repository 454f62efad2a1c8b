import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiTags } from '@nestjs/swagger';
import type { User } from '../../../domain/user.js';
import { Caller } from '../../../platform/http/caller.js';
import { AdminController } from '../../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../../platform/http/if-match.js';
import { Page, Paged, type PageQuery } from '../../../platform/http/page.js';
import { created, type Reply } from '../../../platform/http/reply.js';
import { Scopes } from '../../../platform/http/scopes.js';
import { Upload } from '../../../platform/http/upload.js';
import { Connectors } from '../../connectors/connectors.js';
import { OpenIdDiscovery } from '../../connectors/openid-discovery.js';
import type { KeyManager } from '../key-manager.js';
import { KeyManagerAdministration } from './key-manager-administration.js';
import {
  AdminKeyManagerListDto,
  KeyManagerAPIUsagesDto,
  KeyManagerAppUsagesDto,
  KeyManagerDiscoveryDto,
  KeyManagerDto,
  KeyManagerWellKnownResponseDto,
} from './key-managers.admin.dto.js';
import { fromKeyManagerDto, toAdminList, toApiUsages, toAppUsages, toDiscovered, toKeyManagerDto } from './key-managers.admin.mapper.js';

/** The key managers of the caller's tenant. */
@AdminController('key-managers')
export class KeyManagersAdminController {
  constructor(
    private readonly keyManagers: KeyManagerAdministration,
    private readonly discovery: OpenIdDiscovery,
    private readonly connectors: Connectors,
  ) {}

  @Get()
  @ApiTags('Key Manager (Collection)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async list(@Caller() caller: User): Promise<AdminKeyManagerListDto> {
    return toAdminList(await this.keyManagers.list(caller.organization));
  }

  @Post()
  @ApiTags('Key Manager (Collection)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  @ApiCreatedResponse({ type: KeyManagerDto })
  async create(@Caller() caller: User, @Body() body: KeyManagerDto): Promise<Reply<KeyManagerDto>> {
    const keyManager = await this.keyManagers.create(caller.organization, fromKeyManagerDto(body));
    return created(`/key-managers/${keyManager.id}`, toKeyManagerDto(keyManager));
  }

  /** Fills a key manager from the metadata that an authorization server publishes. */
  @Post('discover')
  @Upload()
  @ApiTags('Key Manager (Collection)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async discover(@Body() { url = '', type = '' }: KeyManagerDiscoveryDto): Promise<KeyManagerWellKnownResponseDto> {
    const metadata = await this.discovery.read(url);
    return metadata ? { valid: true, value: toDiscovered(url, type, metadata, this.connectors.of(type)?.descriptor) } : { valid: false };
  }

  @Get(':keyManagerId')
  @ApiTags('Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async get(@Caller() caller: User, @Param('keyManagerId') id: string): Promise<KeyManagerDto> {
    return toKeyManagerDto(await this.keyManagers.get(caller.organization, id));
  }

  @Put(':keyManagerId')
  @ApiTags('Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations', 'apim:keymanagers_manage')
  async update(
    @Caller() caller: User,
    @Param('keyManagerId') id: string,
    @Body() body: KeyManagerDto,
    @IfMatch() precondition: Precondition,
  ): Promise<KeyManagerDto> {
    return toKeyManagerDto(await this.keyManagers.update(caller.organization, id, fromKeyManagerDto(body), asShown(precondition)));
  }

  @Delete(':keyManagerId')
  @ApiTags('Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations')
  async remove(@Caller() caller: User, @Param('keyManagerId') id: string, @IfMatch() precondition: Precondition): Promise<void> {
    await this.keyManagers.remove(caller.organization, id, asShown(precondition));
  }

  @Get(':keyManagerId/api-usages')
  @Paged()
  @ApiTags('Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations')
  async apiUsages(@Caller() caller: User, @Param('keyManagerId') id: string, @Page() page: PageQuery): Promise<KeyManagerAPIUsagesDto> {
    return toApiUsages(await this.keyManagers.apiUses(caller.organization, id, page.limit, page.offset));
  }

  @Get(':keyManagerId/app-usages')
  @Paged()
  @ApiTags('Key Manager (Individual)')
  @Scopes('apim:admin', 'apim:admin_operations')
  async appUsages(@Caller() caller: User, @Param('keyManagerId') id: string, @Page() page: PageQuery): Promise<KeyManagerAppUsagesDto> {
    return toAppUsages(await this.keyManagers.applicationUses(caller.organization, id, page.limit, page.offset));
  }
}

/** What `If-Match` speaks of: the key manager as GET shows it. */
export const asShown = (precondition: Precondition) => (current: KeyManager) => precondition(() => toKeyManagerDto(current));
