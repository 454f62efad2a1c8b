import { Get } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { Scopes } from '../../platform/http/scopes.js';
import { RatingReads } from '../ratings/rating-reads.js';
import { averageText } from '../ratings/ratings.mapper.js';
import type { RecommendationsDto } from './discovery.dto.js';
import { PortalRecommendationsQueries } from './portal-recommendations.queries.js';

@DevportalController('recommendations', 'Recommendations')
export class RecommendationsDevportalController {
  constructor(
    private readonly recommendations: PortalRecommendationsQueries,
    private readonly ratings: RatingReads,
  ) {}

  @Get()
  @Scopes('apim:subscribe')
  async list(@Caller() caller: User): Promise<RecommendationsDto> {
    const found = await this.recommendations.of(caller);
    const averages = await this.ratings.averages(found.map(({ id }) => ({ id, organization: caller.organization })));
    const list = found.map(({ id, name }) => ({ id, name, avgRating: averageText(averages.get(id) ?? 0) }));
    return { count: list.length, list };
  }
}
