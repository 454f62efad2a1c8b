import { Body, Get, Param, Put } from '@nestjs/common';
import { ApiBody, ApiOkResponse } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { EnvironmentProperties } from './environment-keys.entity.js';
import { EnvironmentKeysService } from './environment-keys.service.js';
import { propertiesOf } from './environment-properties.js';

/** A map, which no class can be written for. */
const PROPERTIES = { schema: { type: 'object', additionalProperties: { type: 'string' } } } as const;

@PublisherController('apis/:apiId/environments/:envId/keys', 'APIs')
export class EnvironmentKeysPublisherController {
  constructor(private readonly keys: EnvironmentKeysService) {}

  @Get()
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOkResponse(PROPERTIES)
  async getKeys(@Param('apiId') apiId: string, @Param('envId') envId: string, @Caller() caller: User): Promise<EnvironmentProperties> {
    return this.keys.get(caller, apiRef(apiId), envId);
  }

  @Put()
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiBody(PROPERTIES)
  @ApiOkResponse(PROPERTIES)
  async putKeys(
    @Param('apiId') apiId: string,
    @Param('envId') envId: string,
    @Body() body: unknown,
    @Caller() caller: User,
  ): Promise<EnvironmentProperties> {
    return this.keys.put(caller, apiRef(apiId), envId, propertiesOf(body));
  }
}
