import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { CommentEntity } from './comment.entity.js';
import { CommentsPublisherController } from './comments.publisher.controller.js';
import { CommentsQueries } from './comments.queries.js';
import { CommentsService } from './comments.service.js';

/** Comments on APIs. */
@Module({
  imports: [TypeOrmModule.forFeature([CommentEntity]), RevisionsModule],
  controllers: [CommentsPublisherController],
  providers: [CommentsQueries, CommentsService],
  exports: [CommentsService],
})
export class CommentsModule {}
