import { Get, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { queryText } from '../../platform/http/query-text.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { PortalSights } from '../portal/portal-sights.js';
import { RatingReads } from '../ratings/rating-reads.js';
import { toPortalSearchResult } from './portal-search.mapper.js';
import { DevportalSearchResultListDto } from './search.dto.js';
import { SearchQueries } from './search.queries.js';

@DevportalController('search', 'Unified Search')
export class SearchDevportalController {
  constructor(
    private readonly queries: SearchQueries,
    private readonly sights: PortalSights,
    private readonly ratings: RatingReads,
  ) {}

  /** The APIs, products, definitions and documents that the viewer may open. */
  @Get()
  @Anonymous()
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async search(
    @Page() window: PageQuery,
    @Query('query') query: unknown,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalSearchResultListDto> {
    const { sight } = await this.sights.of({ organization, caller });
    const { hits, total } = await this.queries.search(sight, queryText(query) ?? '', window);
    const averages = await this.ratings.averages(hits.map(({ api }) => api));
    return page(
      hits.map((hit) => toPortalSearchResult(hit, averages)),
      total,
      window,
    ) as DevportalSearchResultListDto; // the page's list is readonly
  }
}
