import { Injectable } from '@nestjs/common';
import type { Api } from '../../domain/api.js';
import { titleOf } from '../../domain/lifecycle.js';
import { tenantContext } from '../../domain/organization.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { Decision, WorkflowType } from '../../workflows/workflow-types.js';
import { type WorkflowFilter, Workflows } from '../../workflows/workflows.service.js';
import type { LifecyclePosition } from './lifecycle.mapper.js';

/** What is asked for: an action's name and the ticked items as `name:true,name:false`. */
export interface LifecycleChange {
  readonly action: string;
  readonly checklist: string;
}

type AboutApi = Pick<Api, 'id' | 'organization' | 'type'>;

export const typeOf = ({ type }: Pick<Api, 'type'>): Extract<WorkflowType, 'API_STATE' | 'API_PRODUCT_STATE'> =>
  type === 'APIPRODUCT' ? 'API_PRODUCT_STATE' : 'API_STATE';

/** Changes of state that wait for an approval, and the trace they leave on the API as `workflowStatus`. */
@Injectable()
export class LifecycleRequests {
  constructor(private readonly workflows: Workflows) {}

  /** `pending`: the change waits for somebody's decision. */
  async ask(
    tx: Tx,
    api: Api,
    { lifecycle, status }: LifecyclePosition,
    { action, checklist }: LifecycleChange,
    invoker: string,
  ): Promise<'now' | 'pending'> {
    const { organization, id, name, version } = api;
    const state = titleOf(lifecycle, status);
    const answer = await this.workflows.start(tx, {
      ...{ organization, type: typeOf(api), subject: id, apiId: id },
      step: `${state}:${action}`,
      input: { action, checklist, invoker },
      properties: {
        apiName: name,
        apiVersion: version,
        apiContext: tenantContext(organization, api.context),
        apiProvider: api.provider,
        invoker,
        currentState: status,
        requestedState: action.toUpperCase(),
        tenantDomain: organization,
      },
      description: `The action ${action} on ${name} ${version}, which is in the state ${state}, asked for by ${invoker}`,
    });
    if (answer === 'pending') await this.mark(tx, api, 'CREATED');
    return answer;
  }

  /** Where an outside system sends whoever has just asked, as JSON of the wire; empty for nowhere. */
  redirection(api: AboutApi): Promise<string> {
    return this.workflows.redirection({ type: typeOf(api), subject: api.id });
  }

  /** @throws WorkflowPending (409) while a change waits. */
  async refusePending(tx: Tx, api: AboutApi): Promise<void> {
    await this.workflows.refusePending(tx, api.organization, waitingOf(api));
  }

  /** Forgets a change that waits; nothing happens when there is none. */
  async withdraw(tx: Tx, api: AboutApi): Promise<void> {
    if ((await this.workflows.drop(tx, api.organization, waitingOf(api))) > 0) await this.mark(tx, api, null);
  }

  /** To be called when the state changes: what was asked for in the state before is void, and what became of earlier requests no longer matters. */
  async clear(tx: Tx, api: AboutApi): Promise<void> {
    await this.workflows.drop(tx, api.organization, waitingOf(api));
    await this.mark(tx, api, null);
  }

  /** Shows on the API what became of the last change that needed an approval. */
  async mark(tx: Tx, { organization, id }: Pick<Api, 'organization' | 'id'>, status: 'CREATED' | Decision | null): Promise<void> {
    // Later than the last change in any case, so that whoever plans another one notices.
    await tx.em.query(
      `UPDATE apis SET details = jsonb_set(details, '{workflowStatus}', $3::jsonb),
         updated_at = date_trunc('milliseconds', greatest(clock_timestamp(), updated_at + interval '1 millisecond'))
       WHERE organization = $1 AND id = $2 AND details -> 'workflowStatus' IS DISTINCT FROM $3::jsonb`,
      [organization, id, JSON.stringify(status)],
    );
  }
}

const waitingOf = (api: AboutApi): WorkflowFilter => ({ type: typeOf(api), subject: api.id });
