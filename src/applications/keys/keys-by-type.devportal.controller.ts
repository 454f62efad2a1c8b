import { Body, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApplicationKeyDto, ApplicationKeyListDto, ApplicationKeyReGenerateResponseDto, KEY_TYPE } from './application-keys.dto.js';
import { fromKeyChange, toApplicationKeyDto } from './application-keys.mapper.js';
import { ApplicationKeysService } from './application-keys.service.js';
import { ClientSecretsService } from './client-secrets.service.js';

/** The older form of the key operations: keys of the resident key manager, by their type. */
@DevportalController('applications', 'Application Keys')
export class KeysByTypeDevportalController {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly secrets: ClientSecretsService,
  ) {}

  @Get(':applicationId/keys')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  async list(@Param('applicationId') applicationId: string, @Caller() caller: User): Promise<ApplicationKeyListDto> {
    const list = (await this.keys.list(caller, applicationId, caller.organization)).map((key) =>
      toApplicationKeyDto(key, this.secrets.readForm),
    );
    return { count: list.length, list };
  }

  @Get(':applicationId/keys/:keyType')
  @ApiParam(KEY_TYPE)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  @ApiQuery({ name: 'groupId', required: false, type: String })
  async get(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<ApplicationKeyDto> {
    const id = await this.keys.idByType(caller, applicationId, keyType);
    return toApplicationKeyDto(await this.keys.get(caller, applicationId, id), this.secrets.readForm);
  }

  @Put(':applicationId/keys/:keyType')
  @ApiParam(KEY_TYPE)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  async update(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() body: ApplicationKeyDto,
  ): Promise<ApplicationKeyDto> {
    const id = await this.keys.idByType(caller, applicationId, keyType);
    return toApplicationKeyDto(await this.keys.update(caller, applicationId, id, fromKeyChange(body)), this.secrets.readForm);
  }

  @Post(':applicationId/keys/:keyType/regenerate-secret')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  async regenerateSecret(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<ApplicationKeyReGenerateResponseDto> {
    return this.secrets.regenerate(caller, applicationId, await this.keys.idByType(caller, applicationId, keyType));
  }

  @Post(':applicationId/keys/:keyType/clean-up')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  @ApiHeader({ name: 'If-Match', required: false })
  async cleanUp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    const id = await this.keys.idByType(caller, applicationId, keyType);
    precondition(toApplicationKeyDto(await this.keys.get(caller, applicationId, id), this.secrets.readForm));
    await this.keys.remove(caller, applicationId, id);
  }
}
