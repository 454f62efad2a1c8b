import { Module } from '@nestjs/common';
import { ApisModule } from '../../apis/apis.module.js';
import { RevisionsModule } from '../../apis/revisions/revisions.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { WorkflowsModule } from '../workflows.module.js';
import { WorkflowCallbacksGatehouseController } from './workflow-callbacks.gatehouse.controller.js';
import { WorkflowCallbacks } from './workflow-callbacks.js';
import { WorkflowInbox } from './workflow-inbox.js';
import { WorkflowsAdminController } from './workflows.admin.controller.js';
import { WorkflowsPublisherController } from './workflows.publisher.controller.js';

/** What waits, and the decisions; brings along the modules that carry them out. */
@Module({
  imports: [WorkflowsModule, ApisModule, RevisionsModule, SubscriptionsModule],
  controllers: [WorkflowsAdminController, WorkflowsPublisherController, WorkflowCallbacksGatehouseController],
  providers: [WorkflowInbox, WorkflowCallbacks],
})
export class WorkflowInboxModule {}
