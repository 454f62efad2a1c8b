import { Body, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { CrossTenant } from '../../apis/portal/cross-tenant.js';
import type { User } from '../../domain/user.js';
import { Caller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import {
  ApplicationKeyDto,
  ApplicationKeyGenerateRequestDto,
  ApplicationKeyListDto,
  ApplicationKeyMappingRequestDto,
  ApplicationKeyReGenerateResponseDto,
} from './application-keys.dto.js';
import { fromKeyChange, fromKeyRequest, fromMappingRequest, toApplicationKeyDto } from './application-keys.mapper.js';
import { ApplicationKeysService } from './application-keys.service.js';
import { ApplicationTokensService, validitySeconds } from './application-tokens.service.js';
import { ClientSecretsService } from './client-secrets.service.js';

const TENANT_HEADER = { name: 'X-WSO2-Tenant', required: false };

/** The OAuth keys of an application, by their id. */
@DevportalController('applications', 'Application Keys')
export class OAuthKeysDevportalController {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly tokens: ApplicationTokensService,
    private readonly secrets: ClientSecretsService,
    private readonly crossTenant: CrossTenant,
  ) {}

  @Post(':applicationId/generate-keys')
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader(TENANT_HEADER)
  async generate(
    @Param('applicationId') applicationId: string,
    @Caller() caller: User,
    @Tenant() tenant: string,
    @Body() body: ApplicationKeyGenerateRequestDto,
  ): Promise<ApplicationKeyDto> {
    const seconds = validitySeconds('validityTime', body.validityTime);
    const key = await this.keys.generate(caller, applicationId, this.crossTenant.providerOf(caller, tenant), fromKeyRequest(body));
    return toApplicationKeyDto(key, 'plain', await this.tokens.firstToken(caller, key, body.scopes ?? [], seconds));
  }

  @Post(':applicationId/map-keys')
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader(TENANT_HEADER)
  async map(
    @Param('applicationId') applicationId: string,
    @Caller() caller: User,
    @Tenant() tenant: string,
    @Body() body: ApplicationKeyMappingRequestDto,
  ): Promise<ApplicationKeyDto> {
    const key = await this.keys.map(caller, applicationId, this.crossTenant.providerOf(caller, tenant), fromMappingRequest(body));
    return toApplicationKeyDto(key, this.secrets.readForm);
  }

  @Get(':applicationId/oauth-keys')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader(TENANT_HEADER)
  async list(
    @Param('applicationId') applicationId: string,
    @Caller() caller: User,
    @Tenant() tenant: string,
  ): Promise<ApplicationKeyListDto> {
    const keys = await this.keys.list(caller, applicationId, this.crossTenant.providerOf(caller, tenant));
    const list = keys.map((key) => toApplicationKeyDto(key, this.secrets.readForm));
    return { count: list.length, list };
  }

  @Get(':applicationId/oauth-keys/:keyMappingId')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiQuery({ name: 'groupId', required: false, type: String })
  async get(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') id: string,
    @Caller() caller: User,
  ): Promise<ApplicationKeyDto> {
    return toApplicationKeyDto(await this.keys.get(caller, applicationId, id), this.secrets.readForm);
  }

  @Put(':applicationId/oauth-keys/:keyMappingId')
  @Scopes('apim:subscribe', 'apim:app_manage')
  async update(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') id: string,
    @Caller() caller: User,
    @Body() body: ApplicationKeyDto,
  ): Promise<ApplicationKeyDto> {
    return toApplicationKeyDto(await this.keys.update(caller, applicationId, id, fromKeyChange(body)), this.secrets.readForm);
  }

  @Delete(':applicationId/oauth-keys/:keyMappingId')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader(TENANT_HEADER)
  async remove(@Param('applicationId') applicationId: string, @Param('keyMappingId') id: string, @Caller() caller: User): Promise<void> {
    await this.keys.remove(caller, applicationId, id);
  }

  @Post(':applicationId/oauth-keys/:keyMappingId/regenerate-secret')
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  regenerateSecret(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') id: string,
    @Caller() caller: User,
  ): Promise<ApplicationKeyReGenerateResponseDto> {
    return this.secrets.regenerate(caller, applicationId, id);
  }

  @Post(':applicationId/oauth-keys/:keyMappingId/clean-up')
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader({ name: 'If-Match', required: false })
  async cleanUp(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') id: string,
    @Caller() caller: User,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    precondition(toApplicationKeyDto(await this.keys.get(caller, applicationId, id), this.secrets.readForm));
    await this.keys.remove(caller, applicationId, id);
  }
}
