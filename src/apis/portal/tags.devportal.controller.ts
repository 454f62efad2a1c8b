import { Get } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { Anonymous } from '../../platform/http/scopes.js';
import type { TagListDto } from './discovery.dto.js';
import { PortalTagsQueries } from './portal-tags.queries.js';

@DevportalController('tags', 'Tags')
export class TagsDevportalController {
  constructor(private readonly tags: PortalTagsQueries) {}

  /** The tags of the APIs the viewer sees, each with their number. */
  @Get()
  @Anonymous()
  @Paged()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async list(@Page() window: PageQuery, @Tenant() organization: string, @MaybeCaller() caller: User | undefined): Promise<TagListDto> {
    const { items, total } = await this.tags.list({ organization, caller }, window);
    return page(items, total, window);
  }
}
