import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/identity.module.js';
import { Executors } from './executors.js';
import { WorkflowCalls } from './outside/workflow-calls.js';
import { WorkflowEntity } from './workflow.entity.js';
import { Workflows } from './workflows.service.js';

/** The engine alone; the operations on it are in the inbox, which knows the modules that register their types. */
@Module({
  imports: [TypeOrmModule.forFeature([WorkflowEntity]), IdentityModule],
  providers: [Workflows, Executors, WorkflowCalls],
  exports: [Workflows, Executors, TypeOrmModule],
})
export class WorkflowsModule {}
