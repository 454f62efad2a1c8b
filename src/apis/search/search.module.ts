import { Module } from '@nestjs/common';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RatingReadsModule } from '../ratings/rating-reads.module.js';
import { SearchDevportalController } from './search.devportal.controller.js';
import { SearchPublisherController } from './search.publisher.controller.js';
import { SearchQueries } from './search.queries.js';

/** The search over everything, in the publisher and in the developer portal. */
@Module({
  imports: [PortalApisModule, RatingReadsModule],
  controllers: [SearchPublisherController, SearchDevportalController],
  providers: [SearchQueries],
})
export class SearchModule {}
