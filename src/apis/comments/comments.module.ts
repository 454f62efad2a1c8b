import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { CommentEntity } from './comment.entity.js';
import { CommentsDevportalController } from './comments.devportal.controller.js';
import { CommentsPublisherController } from './comments.publisher.controller.js';
import { CommentsQueries } from './comments.queries.js';
import { CommentsService } from './comments.service.js';

/** Comments on APIs, in the publisher and the developer portal. */
@Module({
  imports: [TypeOrmModule.forFeature([CommentEntity]), PortalApisModule, RevisionsModule],
  controllers: [CommentsPublisherController, CommentsDevportalController],
  providers: [CommentsQueries, CommentsService],
  exports: [CommentsService],
})
export class CommentsModule {}
