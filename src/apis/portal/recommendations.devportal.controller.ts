import { Get } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { RecommendationsDto } from './discovery.dto.js';
import { NO_RATING } from './portal-apis.mapper.js';
import { PortalRecommendationsQueries } from './portal-recommendations.queries.js';

@DevportalController('recommendations', 'Recommendations')
export class RecommendationsDevportalController {
  constructor(private readonly recommendations: PortalRecommendationsQueries) {}

  @Get()
  @Scopes('apim:subscribe')
  async list(@Caller() caller: User): Promise<RecommendationsDto> {
    const list = (await this.recommendations.of(caller)).map(({ id, name }) => ({ id, name, avgRating: NO_RATING }));
    return { count: list.length, list };
  }
}
