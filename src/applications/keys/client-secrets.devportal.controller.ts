import { Body, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import {
  ConsumerSecretCreationRequestDto,
  ConsumerSecretDeletionRequestDto,
  ConsumerSecretDto,
  ConsumerSecretListDto,
} from './application-keys.dto.js';
import { toConsumerSecretDto } from './application-keys.mapper.js';
import { SecretIdMissing } from './application-keys.problems.js';
import { ClientSecretsService } from './client-secrets.service.js';

@DevportalController('applications', 'Application Secrets')
export class ClientSecretsDevportalController {
  constructor(private readonly secrets: ClientSecretsService) {}

  @Post(':applicationId/oauth-keys/:keyMappingId/generate-secret')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ operationId: 'generateConsumerSecret' })
  @ApiCreatedResponse({ type: ConsumerSecretDto })
  async generate(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') keyMappingId: string,
    @Caller() caller: User,
    @Body() body: ConsumerSecretCreationRequestDto,
  ): Promise<Reply<ConsumerSecretDto>> {
    const secret = await this.secrets.add(caller, applicationId, keyMappingId, body.additionalProperties ?? {});
    return new Reply(201, toConsumerSecretDto(secret, 'plain'));
  }

  @Get(':applicationId/oauth-keys/:keyMappingId/secrets')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ operationId: 'getConsumerSecrets' })
  async list(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') keyMappingId: string,
    @Caller() caller: User,
  ): Promise<ConsumerSecretListDto> {
    const list = (await this.secrets.list(caller, applicationId, keyMappingId)).map((secret) => toConsumerSecretDto(secret, 'masked'));
    return { count: list.length, list };
  }

  @Post(':applicationId/oauth-keys/:keyMappingId/revoke-secret')
  @HttpCode(204)
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiOperation({ operationId: 'revokeConsumerSecret' })
  async revoke(
    @Param('applicationId') applicationId: string,
    @Param('keyMappingId') keyMappingId: string,
    @Caller() caller: User,
    @Body() body: ConsumerSecretDeletionRequestDto,
  ): Promise<Reply> {
    if (!body.secretId) throw SecretIdMissing();
    await this.secrets.remove(caller, applicationId, keyMappingId, body.secretId);
    return new Reply(204);
  }
}
