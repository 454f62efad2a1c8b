import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
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
  KEY_TYPES,
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
import type { ListedKey } from './api-keys.queries.js';
import { ApiKeysService } from './api-keys.service.js';
import { ApplicationApiKeysService } from './application-api-keys.service.js';

const IF_MATCH = { name: 'If-Match', required: false };
const KEY_TYPE = { name: 'keyType', enum: KEY_TYPES };

/** Keys of applications, and the keys of APIs that are associated with one. `If-Match` speaks of the list that the operation changes. */
@DevportalController('applications/:applicationId/api-keys/:keyType', 'APIKeys')
@Scopes('apim:subscribe', 'apim:app_manage', 'apim:api_key')
export class ApplicationApiKeysDevportalController {
  constructor(
    private readonly keys: ApplicationApiKeysService,
    private readonly keysOfApis: ApiKeysService,
  ) {}

  @Get()
  @ApiParam(KEY_TYPE)
  @ApiOperation({ operationId: 'getAppBoundAPIKeys' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAppBoundAPIKeys(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<APIKeyInfoListDto> {
    return listOf(await this.keys.list(caller, placeOf(applicationId, keyType)));
  }

  @Post('generate')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'applicationsApplicationIdApiKeysKeyTypeGeneratePost' })
  async generate(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() body: APIKeyGenerateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<IssuedAPIKeyDto> {
    const place = placeOf(applicationId, keyType);
    precondition(listOf(await this.keys.list(caller, place)));
    return toIssuedAPIKeyDto(await this.keys.generate(caller, applicationId, fromGenerateRequest(body, place.keyType)));
  }

  @Post('regenerate')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'regenerateAppBoundAPIKey' })
  async regenerateAppBoundAPIKey(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyRenewRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<IssuedAPIKeyDto> {
    const place = placeOf(applicationId, keyType);
    precondition(listOf(await this.keys.list(caller, place)));
    return toIssuedAPIKeyDto(await this.keys.regenerate(caller, place, keyUUID));
  }

  @Post('revoke')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'applicationsApplicationIdApiKeysKeyTypeRevokePost' })
  async revoke(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { apikey, keyUUID }: APIKeyRevokeRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    const place = placeOf(applicationId, keyType);
    precondition(listOf(await this.keys.list(caller, place)));
    if (apikey !== undefined && keyUUID === undefined) await this.keys.revokeValue(caller, place, apikey);
    else if (keyUUID !== undefined && apikey === undefined) await this.keys.revoke(caller, place, keyUUID);
    else throw OneOfKeyAndId();
  }

  @Get('subscriptions')
  @ApiParam(KEY_TYPE)
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
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'associateAPIKeyToApp' })
  async associateAPIKeyToApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { apiUUID, keyUUID }: AppAPIKeyAssociateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<APIKeyAssociationDto> {
    const place = placeOf(applicationId, keyType);
    precondition(associationsOf(await this.keys.associated(caller, place)));
    return this.keysOfApis.associate(caller, { ...place, apiId: apiUUID, keyId: keyUUID });
  }

  @Post('dissociate')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @ApiHeader(IF_MATCH)
  @ApiOperation({ operationId: 'dissociateAPIKeyFromApp' })
  async dissociateAPIKeyFromApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() { keyUUID }: APIKeyDissociateRequestDto,
    @IfMatch() precondition: Precondition,
  ): Promise<void> {
    const place = placeOf(applicationId, keyType);
    precondition(associationsOf(await this.keys.associated(caller, place)));
    await this.keys.dissociate(caller, place, keyUUID);
  }

  @Get('associations')
  @ApiParam(KEY_TYPE)
  @ApiOperation({ operationId: 'getAPIKeyAssociationsForApp' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIKeyAssociationsForApp(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
  ): Promise<APIKeyAssociationListDto> {
    return associationsOf(await this.keys.associated(caller, placeOf(applicationId, keyType)));
  }
}

const placeOf = (applicationId: string, keyType: string) => ({ applicationId, keyType: keyTypeOf(keyType) });

const listOf = (keys: readonly ListedKey[]): APIKeyInfoListDto => ({ count: keys.length, list: keys.map(toAPIKeyInfoDto) });

const associationsOf = (keys: readonly ListedKey[]): APIKeyAssociationListDto => ({
  count: keys.length,
  list: keys.map(toAPIKeyAssociationInfoDto),
});
