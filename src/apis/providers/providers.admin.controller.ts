import { HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ProviderMissing } from './providers.problems.js';
import { ProvidersService } from './providers.service.js';

@AdminController('apis', 'Api Provider Change')
export class ProvidersAdminController {
  constructor(private readonly providers: ProvidersService) {}

  @Post(':apiId/change-provider')
  @Scopes('apim:admin', 'apim:api_provider_change')
  @ApiOperation({ operationId: 'providerNamePost' })
  @ApiQuery({ name: 'provider', required: true, type: String })
  @HttpCode(200)
  async providerNamePost(@Param('apiId') apiId: string, @Query('provider') provider: unknown, @Caller() caller: User): Promise<void> {
    if (typeof provider !== 'string' || provider.trim() === '') throw ProviderMissing();
    await this.providers.change(caller, apiId, provider.trim());
  }
}
