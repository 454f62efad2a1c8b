import { Get, Query } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { queryText } from '../../platform/http/query-text.js';
import { Scopes } from '../../platform/http/scopes.js';
import { SearchResultListDto } from './search.dto.js';
import { toSearchResult } from './search.mapper.js';
import { SearchQueries } from './search.queries.js';
import { publisherSight } from './sight.js';

@PublisherController('search', 'Unified Search')
export class SearchPublisherController {
  constructor(private readonly queries: SearchQueries) {}

  @Get()
  @Scopes(
    'apim:api_view',
    'apim:api_manage',
    'apim:api_import_export',
    'apim:mcp_server_view',
    'apim:mcp_server_manage',
    'apim:mcp_server_import_export',
    'apim:api_product_import_export',
  )
  @ApiOperation({ operationId: 'search' })
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async search(@Caller() caller: User, @Page() window: PageQuery, @Query('query') query: unknown): Promise<SearchResultListDto> {
    const { hits, total } = await this.queries.search(publisherSight(caller), queryText(query) ?? '', window);
    return page(hits.map(toSearchResult), total, window) as SearchResultListDto; // the page's list is readonly
  }
}
