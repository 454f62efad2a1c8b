import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AdminController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { queryText } from '../../platform/http/query-text.js';
import { Scopes } from '../../platform/http/scopes.js';
import { ApisQueries } from '../apis.queries.js';
import { AdminSearchResultListDto } from './providers.dto.js';
import { ProviderMissing } from './providers.problems.js';
import { ProvidersService } from './providers.service.js';

@AdminController('apis')
export class ProvidersAdminController {
  constructor(
    private readonly providers: ProvidersService,
    private readonly apis: ApisQueries,
  ) {}

  /** The APIs and API products that the caller may hand over. */
  @Get()
  @ApiTags('APIs')
  @Scopes('apim:admin', 'apim:api_provider_change')
  @ApiOperation({ operationId: 'getAllAPIs' })
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAllAPIs(@Caller() caller: User, @Page() window: PageQuery, @Query('query') query: unknown): Promise<AdminSearchResultListDto> {
    const { limit, offset } = window;
    const wanted = { kind: 'any', query: queryText(query) ?? '', limit, offset, sortBy: undefined, sortOrder: undefined } as const;
    const { items, total } = await this.apis.list(caller, wanted);
    const apis = items.map(({ provider, name, version, id }) => ({ provider, name, version, id }));
    const { count, pagination } = page(apis, total, window);
    return { apis, count, pagination };
  }

  @Post(':apiId/change-provider')
  @ApiTags('Api Provider Change')
  @Scopes('apim:admin', 'apim:api_provider_change')
  @ApiOperation({ operationId: 'providerNamePost' })
  @ApiQuery({ name: 'provider', required: true, type: String })
  @HttpCode(200)
  async providerNamePost(@Param('apiId') apiId: string, @Query('provider') provider: unknown, @Caller() caller: User): Promise<void> {
    if (typeof provider !== 'string' || provider.trim() === '') throw ProviderMissing();
    await this.providers.change(caller, apiId, provider.trim());
  }
}
