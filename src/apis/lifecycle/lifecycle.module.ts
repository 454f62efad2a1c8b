import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { LifecyclePublisherController } from './lifecycle.publisher.controller.js';
import { LifecycleService } from './lifecycle.service.js';
import { LifecycleEventEntity } from './lifecycle-event.entity.js';
import { LifecycleHistory } from './lifecycle-history.js';

@Module({
  imports: [TypeOrmModule.forFeature([LifecycleEventEntity]), RevisionsModule, SubscriptionRowsModule],
  controllers: [LifecyclePublisherController],
  providers: [LifecycleHistory, LifecycleService],
  exports: [LifecycleHistory],
})
export class LifecycleModule {}
