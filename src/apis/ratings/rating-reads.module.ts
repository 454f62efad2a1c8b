import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { RatingEntity } from './rating.entity.js';
import { RatingReads } from './rating-reads.js';

/** The part of ratings that lists of APIs need; it depends on no APIs, which keeps the modules free of cycles. */
@Module({
  imports: [TypeOrmModule.forFeature([RatingEntity])],
  providers: [RatingReads],
  exports: [RatingReads],
})
export class RatingReadsModule {}
