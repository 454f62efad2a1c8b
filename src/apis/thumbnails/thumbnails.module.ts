import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { ThumbnailEntity } from './thumbnail.entity.js';
import { ThumbnailsDevportalController } from './thumbnails.devportal.controller.js';
import { ThumbnailsPublisherController } from './thumbnails.publisher.controller.js';
import { ThumbnailsService } from './thumbnails.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ThumbnailEntity]), ApiCopiesModule, RevisionsModule, PortalApisModule],
  controllers: [ThumbnailsPublisherController, ThumbnailsDevportalController],
  providers: [ThumbnailsService],
})
export class ThumbnailsModule {}
