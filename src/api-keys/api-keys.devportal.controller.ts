import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import {
  APIAPIKeyAssociateRequestDto,
  APIAPIKeyGenerateRequestDto,
  type APIAPIKeyListDto,
  APIAPIKeyRevokeRequestDto,
  type APIKeyAssociationDto,
  APIKeyDissociateRequestDto,
  APIKeyRenewRequestDto,
  type IssuedAPIKeyDto,
} from './api-keys.dto.js';
import { fromGenerateRequest, toAPIAPIKeyInfoDto, toIssuedAPIKeyDto } from './api-keys.mapper.js';
import { ApiKeysService } from './api-keys.service.js';

/** Keys of APIs. */
@DevportalController('apis/:apiId/api-keys', 'APIKeys')
@Scopes('apim:subscribe', 'apim:app_manage', 'apim:api_key')
export class ApiKeysDevportalController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @ApiOperation({ operationId: 'getAPIBoundAPIKeys' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIBoundAPIKeys(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIAPIKeyListDto> {
    const list = (await this.keys.list(caller, apiId)).map(toAPIAPIKeyInfoDto);
    return { count: list.length, list };
  }

  @Post('generate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'generateApiBoundApiKey' })
  async generateApiBoundApiKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() body: APIAPIKeyGenerateRequestDto,
  ): Promise<IssuedAPIKeyDto> {
    return toIssuedAPIKeyDto(await this.keys.generate(caller, apiId, fromGenerateRequest(body, body.keyType)));
  }

  @Post('regenerate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'regenerateAPIBoundAPIKey' })
  async regenerateAPIBoundAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyRenewRequestDto,
  ): Promise<IssuedAPIKeyDto> {
    return toIssuedAPIKeyDto(await this.keys.regenerate(caller, apiId, keyUUID));
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({ operationId: 'revokeAPIBoundAPIKey' })
  async revokeAPIBoundAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIAPIKeyRevokeRequestDto,
  ): Promise<void> {
    await this.keys.revoke(caller, apiId, keyUUID);
  }

  @Post('associate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'associateAPIKey' })
  associateAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID, applicationUUID }: APIAPIKeyAssociateRequestDto,
  ): Promise<APIKeyAssociationDto> {
    return this.keys.associate(caller, { keyId: keyUUID, apiId, applicationId: applicationUUID });
  }

  @Post('dissociate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'dissociateAPIKey' })
  async dissociateAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyDissociateRequestDto,
  ): Promise<void> {
    await this.keys.dissociate(caller, apiId, keyUUID);
  }
}
