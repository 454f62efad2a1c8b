import { Get, Param } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { isAsync } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { ALL, page } from '../../platform/http/page.js';
import { Anonymous } from '../../platform/http/scopes.js';
import { PortalApisService } from './portal-apis.service.js';
import type { DevportalTopicListDto } from './topics.dto.js';

@DevportalController('apis/:apiId/topics', 'Topics')
export class TopicsDevportalController {
  constructor(private readonly apis: PortalApisService) {}

  /** What can be subscribed to or published on; an API that answers requests has none. */
  @Get()
  @Anonymous()
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async getTopics(
    @Param('apiId') apiId: string,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<DevportalTopicListDto> {
    const { type, details } = await this.apis.readable({ organization, caller }, apiId);
    const topics = isAsync(type) ? details.operations.map(({ target, verb }) => ({ apiId, name: target, type: verb })) : [];
    return page(topics, topics.length, { limit: ALL, offset: 0, path: '', rest: '' });
  }
}
