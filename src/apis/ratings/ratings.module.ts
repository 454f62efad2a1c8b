import { Module } from '@nestjs/common';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RatingReadsModule } from './rating-reads.module.js';
import { RatingsDevportalController } from './ratings.devportal.controller.js';
import { RatingsService } from './ratings.service.js';

/** Ratings of APIs in the developer portal. */
@Module({
  imports: [RatingReadsModule, PortalApisModule],
  controllers: [RatingsDevportalController],
  providers: [RatingsService],
  exports: [RatingsService],
})
export class RatingsModule {}
