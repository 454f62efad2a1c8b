import { Body, Delete, Get, Param, Put } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { shownName } from '../../domain/organization.js';
import type { User } from '../../domain/user.js';
import { Caller, MaybeCaller, Tenant } from '../../platform/http/caller.js';
import { DevportalController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery } from '../../platform/http/page.js';
import { Reply } from '../../platform/http/reply.js';
import { Anonymous, Scopes } from '../../platform/http/scopes.js';
import { PortalApisService } from '../portal/portal-apis.service.js';
import type { RatingEntity } from './rating.entity.js';
import { RatingDto, RatingListDto } from './ratings.dto.js';
import { noRating, toRatingDto, toRatingList } from './ratings.mapper.js';
import { RatingsService } from './ratings.service.js';

@DevportalController('apis/:apiId', 'Ratings')
@ApiHeader({ name: 'X-WSO2-Tenant', required: false })
export class RatingsDevportalController {
  constructor(
    private readonly ratings: RatingsService,
    private readonly apis: PortalApisService,
  ) {}

  @Get('ratings')
  @Anonymous()
  @Paged()
  async getRatings(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @Tenant() organization: string,
    @MaybeCaller() caller: User | undefined,
  ): Promise<RatingListDto> {
    return toRatingList(await this.ratings.list(this.apis.door({ organization, caller }, apiId), caller, window), window);
  }

  @Get('user-rating')
  @Scopes('apim:subscribe')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getUserRating(@Param('apiId') apiId: string, @Tenant() organization: string, @Caller() caller: User): Promise<RatingDto> {
    return shown(await this.ratings.get(this.apis.door({ organization, caller }, apiId), caller), apiId, caller);
  }

  @Put('user-rating')
  @Scopes('apim:subscribe')
  async rate(
    @Param('apiId') apiId: string,
    @Body() { rating }: RatingDto,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<RatingDto> {
    return toRatingDto(await this.ratings.rate(this.apis.door({ organization, caller }, apiId), caller, rating));
  }

  /** 200 also when there is none to take back. */
  @Delete('user-rating')
  @Scopes('apim:subscribe')
  @ApiHeader({ name: 'If-Match', required: false })
  async withdraw(
    @Param('apiId') apiId: string,
    @IfMatch() precondition: Precondition,
    @Tenant() organization: string,
    @Caller() caller: User,
  ): Promise<Reply<never>> {
    const door = this.apis.door({ organization, caller }, apiId);
    await this.ratings.withdraw(door, caller, (current) => precondition(shown(current, apiId, caller)));
    return new Reply(200);
  }
}

const shown = (rating: RatingEntity | undefined, apiId: string, caller: User): RatingDto =>
  rating ? toRatingDto(rating) : noRating(apiId, shownName(caller));
