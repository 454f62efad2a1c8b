import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import {
  type APIKeyAssociationDto,
  type APIKeyAssociationListDto,
  APIKeyDissociateRequestDto,
  APIKeyGenerateRequestDto,
  type APIKeyInfoListDto,
  APIKeyRenewRequestDto,
  APIKeyRevokeRequestDto,
  AppAPIKeyAssociateRequestDto,
  type IssuedAPIKeyDto,
  type SubscribedAPIWithApiKeyListDto,
} from './api-keys.dto.js';
import {
  fromGenerateRequest,
  keyTypeOf,
  toAPIKeyAssociationInfoDto,
  toAPIKeyInfoDto,
  toAPIWithKeyInfoDto,
  toIssuedAPIKeyDto,
} from './api-keys.mapper.js';
import { OneOfKeyAndId } from './api-keys.problems.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApplicationApiKeysService } from './application-api-keys.service.js';

/** Keys of applications, and the keys of APIs that are associated with one. */
@DevportalController('applications/:applicationId/api-keys/:keyType', 'APIKeys')
@Scopes('apim:subscribe', 'apim:app_manage', 'apim:api_key')
export class ApplicationApiKeysDevportalController {
  constructor(
    private readonly keys: ApplicationApiKeysService,
    private readonly keysOfApis: ApiKeysService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getAppBoundAPIKeys' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAppBoundAPIKeys(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<APIKeyInfoListDto> {
    const list = (await this.keys.list(caller, placeOf(applicationId, keyType))).map(toAPIKeyInfoDto);
    return { count: list.length, list };
  }

  @Post('generate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'applicationsApplicationIdApiKeysKeyTypeGeneratePost' })
  async generate(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() body: APIKeyGenerateRequestDto,
  ): Promise<IssuedAPIKeyDto> {
    return toIssuedAPIKeyDto(await this.keys.generate(caller, applicationId, fromGenerateRequest(body, keyTypeOf(keyType))));
  }

  @Post('regenerate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'regenerateAppBoundAPIKey' })
  async regenerateAppBoundAPIKey(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyRenewRequestDto,
  ): Promise<IssuedAPIKeyDto> {
    return toIssuedAPIKeyDto(await this.keys.regenerate(caller, placeOf(applicationId, keyType), keyUUID));
  }

  @Post('revoke')
  @HttpCode(200)
  @ApiOperation({ operationId: 'applicationsApplicationIdApiKeysKeyTypeRevokePost' })
  async revoke(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { apikey, keyUUID }: APIKeyRevokeRequestDto,
  ): Promise<void> {
    const place = placeOf(applicationId, keyType);
    if (apikey !== undefined && keyUUID === undefined) await this.keys.revokeValue(caller, place, apikey);
    else if (keyUUID !== undefined && apikey === undefined) await this.keys.revoke(caller, place, keyUUID);
    else throw OneOfKeyAndId();
  }

  @Get('subscriptions')
  @ApiOperation({ operationId: 'getSubscribedAPIsWithAPIKeys' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getSubscribedAPIsWithAPIKeys(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<SubscribedAPIWithApiKeyListDto> {
    const list = (await this.keys.associable(caller, placeOf(applicationId, keyType))).map(toAPIWithKeyInfoDto);
    return { count: list.length, list };
  }

  @Post('associate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'associateAPIKeyToApp' })
  associateAPIKeyToApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { apiUUID, keyUUID }: AppAPIKeyAssociateRequestDto,
  ): Promise<APIKeyAssociationDto> {
    return this.keysOfApis.associate(caller, { ...placeOf(applicationId, keyType), apiId: apiUUID, keyId: keyUUID });
  }

  @Post('dissociate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'dissociateAPIKeyFromApp' })
  async dissociateAPIKeyFromApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyDissociateRequestDto,
  ): Promise<void> {
    await this.keys.dissociate(caller, placeOf(applicationId, keyType), keyUUID);
  }

  @Get('associations')
  @ApiOperation({ operationId: 'getAPIKeyAssociationsForApp' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIKeyAssociationsForApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<APIKeyAssociationListDto> {
    const list = (await this.keys.associated(caller, placeOf(applicationId, keyType))).map(toAPIKeyAssociationInfoDto);
    return { count: list.length, list };
  }
}

const placeOf = (applicationId: string, keyType: string) => ({ applicationId, keyType: keyTypeOf(keyType) });
