import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import { Accounts } from '../../platform/auth/accounts.js';
import { Executors } from '../executors.js';
import { isSigned } from '../outside/signature.js';
import { WorkflowEntity } from '../workflow.entity.js';
import { CallbackRefused, WorkflowDecided } from '../workflows.problems.js';
import { Workflows } from '../workflows.service.js';
import type { CallbackDto } from './workflows.dto.js';

/** Takes the decisions of outside systems. */
@Injectable()
export class WorkflowCallbacks {
  constructor(
    @InjectRepository(WorkflowEntity) private readonly rows: Repository<WorkflowEntity>,
    private readonly workflows: Workflows,
    private readonly executors: Executors,
    private readonly accounts: Accounts,
  ) {}

  /**
   * Carries out what an outside system decided, once. The signature holds the reference, so that no callback serves for another workflow.
   * @throws CallbackRefused (401) alike for an unknown reference, a tenant that is not active, a wrong signature and an old one; WorkflowDecided (400) for a callback that comes again.
   */
  async take(reference: string, signature: string, { status, description = '' }: CallbackDto): Promise<void> {
    const workflow = isUUID(reference) ? await this.rows.findOneBy({ id: reference }) : null;
    const isOfUse = workflow !== null && (await this.accounts.isActive(workflow.organization));
    const outside = isOfUse ? await this.executors.outside(workflow.organization, workflow.type) : undefined;
    if (!workflow || !outside || !isSigned(signature, `${workflow.id}.${status}.${description}`, outside.secret, Date.now()))
      throw CallbackRefused();
    if (workflow.status !== 'CREATED') throw WorkflowDecided();
    const decidedBy = new URL(outside.url).host;
    await this.workflows.decide(workflow.organization, workflow.id, { status, note: description, decidedBy, isFromOutside: true });
  }
}
