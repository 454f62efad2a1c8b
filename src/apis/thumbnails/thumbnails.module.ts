import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { ThumbnailEntity } from './thumbnail.entity.js';
import { ThumbnailArchive } from './thumbnail-archive.js';
import { ThumbnailsDevportalController } from './thumbnails.devportal.controller.js';
import { ThumbnailsPublisherController } from './thumbnails.publisher.controller.js';
import { ThumbnailsService } from './thumbnails.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ThumbnailEntity]), ApiCopiesModule, ApiArchivePartsModule, RevisionsModule, PortalApisModule],
  controllers: [ThumbnailsPublisherController, ThumbnailsDevportalController],
  providers: [ThumbnailArchive, ThumbnailsService],
  exports: [ThumbnailsService],
})
export class ThumbnailsModule {}
