import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ApiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Transactions } from '../../platform/database/transactions.js';
import type { WorkflowEntity } from '../../workflows/workflow.entity.js';
import { type Completion, Workflows } from '../../workflows/workflows.service.js';
import { ApisForChange } from '../apis-for-change.js';
import { LifecycleService } from './lifecycle.service.js';
import { type LifecycleChange, LifecycleRequests } from './lifecycle-requests.js';

/** Carries out what approvers decide about changes of state, and takes such changes back. */
@Injectable()
export class LifecycleApprovals implements OnModuleInit {
  constructor(
    private readonly workflows: Workflows,
    private readonly lifecycle: LifecycleService,
    private readonly requests: LifecycleRequests,
    private readonly apis: ApisForChange,
    private readonly transactions: Transactions,
  ) {}

  onModuleInit(): void {
    const completion: Completion = {
      hold: async (tx, workflow) => {
        const { organization, apiId, change } = requestOf(workflow);
        await this.lifecycle.holdVersions(tx, organization, apiId, change);
        await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, apiId]);
      },
      approve: async (tx, workflow) => {
        const { organization, apiId, change, invoker } = requestOf(workflow);
        await this.lifecycle.complete(tx, organization, apiId, change, invoker);
        await this.requests.mark(tx, { organization, id: apiId }, 'APPROVED');
      },
      reject: (tx, workflow) => {
        const { organization, apiId } = requestOf(workflow);
        return this.requests.mark(tx, { organization, id: apiId }, 'REJECTED');
      },
    };
    this.workflows.register('API_STATE', completion);
    this.workflows.register('API_PRODUCT_STATE', completion);
  }

  /** Takes back a change of state that waits; nothing happens when none does. @throws ApiNotFound (404), Forbidden, LiveApiNeedsPublisher. */
  withdraw(caller: User, ref: ApiRef): Promise<void> {
    return this.transactions.run(async (tx) => this.requests.withdraw(tx, await this.apis.lock(tx, caller, ref)));
  }
}

const requestOf = ({
  organization,
  subject,
  input,
}: WorkflowEntity): { organization: string; apiId: string; change: LifecycleChange; invoker: string } => {
  const { action = '', checklist = '', invoker = '' } = input;
  return { organization, apiId: subject, change: { action, checklist }, invoker };
};
