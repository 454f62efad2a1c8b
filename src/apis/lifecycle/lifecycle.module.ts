import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../../identity/identity.module.js';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { WorkflowsModule } from '../../workflows/workflows.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { LifecyclePublisherController } from './lifecycle.publisher.controller.js';
import { LifecycleService } from './lifecycle.service.js';
import { LifecycleApprovals } from './lifecycle-approvals.js';
import { LifecycleEventEntity } from './lifecycle-event.entity.js';
import { LifecycleHistory } from './lifecycle-history.js';
import { LifecycleRequests } from './lifecycle-requests.js';
import { TenantLifecycles } from './tenant-lifecycles.js';

@Module({
  imports: [TypeOrmModule.forFeature([LifecycleEventEntity]), IdentityModule, RevisionsModule, SubscriptionRowsModule, WorkflowsModule],
  controllers: [LifecyclePublisherController],
  providers: [LifecycleApprovals, LifecycleHistory, LifecycleRequests, LifecycleService, TenantLifecycles],
  exports: [LifecycleApprovals, LifecycleHistory, LifecycleService],
})
export class LifecycleModule {}
