import { Body, HttpCode, Param, Post } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApplicationTokenDto, ApplicationTokenGenerateRequestDto, KEY_TYPE } from './application-keys.dto.js';
import { fromTokenRequest } from './application-keys.mapper.js';
import { ApplicationKeysService } from './application-keys.service.js';
import { ApplicationTokensService } from './application-tokens.service.js';

/** Test tokens of an application. `If-Match` is in the contract, but a token has no earlier state to match. */
@DevportalController('applications', 'Application Tokens')
export class ApplicationTokensDevportalController {
  constructor(
    private readonly tokens: ApplicationTokensService,
    private readonly keys: ApplicationKeysService,
  ) {}

  @Post(':applicationId/oauth-keys/:keyMappingId/generate-token')
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader({ name: 'If-Match', required: false })
  generate(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') keyMappingId: string,
    @Caller() caller: User,
    @Body() body: ApplicationTokenGenerateRequestDto,
  ): Promise<ApplicationTokenDto> {
    return this.tokens.generate(caller, applicationId, keyMappingId, fromTokenRequest(body));
  }

  @Post(':applicationId/keys/:keyType/generate-token')
  @ApiParam(KEY_TYPE)
  @HttpCode(200)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ deprecated: true })
  @ApiHeader({ name: 'If-Match', required: false })
  async generateByType(
    @Param('applicationId') applicationId: string,
    @Param('keyType') keyType: string,
    @Caller() caller: User,
    @Body() body: ApplicationTokenGenerateRequestDto,
  ): Promise<ApplicationTokenDto> {
    const id = await this.keys.idByType(caller, applicationId, keyType);
    return this.tokens.generate(caller, applicationId, id, fromTokenRequest(body));
  }
}
