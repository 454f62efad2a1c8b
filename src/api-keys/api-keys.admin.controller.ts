import { Body, Get, HttpCode, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { type AdminAPIKeyListDto, AdminAPIKeyRevokeRequestDto } from './api-keys.admin.dto.js';
import { ApiKeysAdminService } from './api-keys.admin.service.js';
import { toAdminAPIKeyDto } from './api-keys.mapper.js';

@AdminController('api-keys', 'APIKeys')
@Scopes('apim:admin')
export class ApiKeysAdminController {
  constructor(private readonly keys: ApiKeysAdminService) {}

  @Get()
  @ApiOperation({ operationId: 'getAllAPIKeys' })
  async getAllAPIKeys(@Caller() caller: User): Promise<AdminAPIKeyListDto> {
    const list = (await this.keys.list(caller)).map(toAdminAPIKeyDto);
    return { count: list.length, list };
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({ operationId: 'revokeAPIKeyFromAdmin' })
  async revokeAPIKeyFromAdmin(@Caller() caller: User, @Body() { keyUUID }: AdminAPIKeyRevokeRequestDto): Promise<void> {
    await this.keys.revoke(caller, keyUUID);
  }
}
