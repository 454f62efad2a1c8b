import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
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
import type { ListedKey } from './api-keys.queries.js';
import { ApiKeysService } from './api-keys.service.js';

const IF_MATCH = { name: 'If-Match', required: false };

/** Keys of APIs. `If-Match` speaks of the list of the caller's keys. */
@DevportalController('apis/:apiId/api-keys', 'APIKeys')
@Scopes('apim:subscribe', 'apim:app_manage', 'apim:api_key')
export class ApiKeysDevportalController {
  constructor(private readonly keys: ApiKeysService) {}

  @Get()
  @ApiOperation({ operationId: 'getAPIBoundAPIKeys' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIBoundAPIKeys(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIAPIKeyListDto> {
    return listOf(await this.keys.list(caller, apiId));
  }

  @Post('generate')
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'generateApiBoundApiKey' })
  async generateApiBoundApiKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() body: APIAPIKeyGenerateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<IssuedAPIKeyDto> {
    precondition(listOf(await this.keys.list(caller, apiId)));
    return toIssuedAPIKeyDto(await this.keys.generate(caller, apiId, fromGenerateRequest(body, body.keyType)));
  }

  @Post('regenerate')
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'regenerateAPIBoundAPIKey' })
  async regenerateAPIBoundAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyRenewRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<IssuedAPIKeyDto> {
    precondition(listOf(await this.keys.owned(caller, apiId)));
    return toIssuedAPIKeyDto(await this.keys.regenerate(caller, apiId, keyUUID));
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'revokeAPIBoundAPIKey' })
  async revokeAPIBoundAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIAPIKeyRevokeRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    precondition(listOf(await this.keys.owned(caller, apiId)));
    await this.keys.revoke(caller, apiId, keyUUID);
  }

  @Post('associate')
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'associateAPIKey' })
  async associateAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID, applicationUUID }: APIAPIKeyAssociateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<APIKeyAssociationDto> {
    precondition(listOf(await this.keys.owned(caller, apiId)));
    return this.keys.associate(caller, { keyId: keyUUID, apiId, applicationId: applicationUUID });
  }

  @Post('dissociate')
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'dissociateAPIKey' })
  async dissociateAPIKey(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyDissociateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    precondition(listOf(await this.keys.owned(caller, apiId)));
    await this.keys.dissociate(caller, apiId, keyUUID);
  }
}

const listOf = (keys: readonly ListedKey[]): APIAPIKeyListDto => ({ count: keys.length, list: keys.map(toAPIAPIKeyInfoDto) });
