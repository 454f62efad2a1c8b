import { HttpCode, Param, Post } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { APIKeyDto } from './internal-keys.dto.js';
import { InternalKeysService } from './internal-keys.service.js';

@PublisherController('apis', 'APIs')
export class InternalKeysPublisherController {
  constructor(private readonly keys: InternalKeysService) {}

  @Post(':apiId/generate-key')
  @Scopes('apim:api_generate_key', 'apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'generateInternalAPIKey' })
  @HttpCode(200)
  async generateInternalAPIKey(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIKeyDto> {
    const { key, validitySeconds } = await this.keys.generate(caller, apiRef(apiId));
    return { apikey: key, validityTime: validitySeconds };
  }
}
