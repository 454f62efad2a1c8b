import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Installation } from '../../platform/config/installation.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { Outbound } from '../../platform/outbound/outbound.js';
import { Traces } from '../../platform/tracing/traces.js';
import { Executors } from '../executors.js';
import { WorkflowEntity } from '../workflow.entity.js';
import { SIGNATURE_HEADER, signatureOf } from './signature.js';

const RETRY_EVERY_MS = 30_000;
const AT_ONCE = 20;
/** Tried for about two days, at growing distances. Whoever administers the tenant may decide all the while. */
const ATTEMPTS_MAX = 14;
const ANSWER_BYTES_MAX = 65_536;

interface Due {
  readonly workflow_id: string;
  readonly attempts: number;
}

/** Tells outside systems of what they are to decide. Who is to be told is written with the request and called after its commit, until the system has it. */
@Injectable()
export class WorkflowCalls implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly executors: Executors,
    private readonly outbound: Outbound,
    private readonly installation: Installation,
    private readonly events: Events,
    private readonly traces: Traces,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('workflow.asked', () => this.callDue());
    this.timer = setInterval(() => this.retry(), RETRY_EVERY_MS);
    this.timer.unref();
  }

  /** What a process before this one left; nobody waits for it. */
  onApplicationBootstrap(): void {
    this.retry();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Has the outside system told once the transaction has committed. */
  async add(tx: Tx, workflowId: string): Promise<void> {
    await tx.em.query('INSERT INTO workflow_calls (workflow_id) VALUES ($1)', [workflowId]);
    tx.raise('workflow.asked', { workflowId });
  }

  /** Calls for what is due; what fails is due again later. */
  async callDue(): Promise<void> {
    for (let due = await this.due(); due.length > 0; due = await this.due())
      await Promise.all(due.map((one) => this.traces.job('workflow call', () => this.call(one))));
  }

  private retry(): void {
    this.callDue().catch((err: unknown) => this.log.warn({ err }, 'outside systems are told of workflows later'));
  }

  /** Takes some: nobody else tries them before they are due again. */
  private async due(): Promise<readonly Due[]> {
    const [rows]: [readonly Due[], number] = await this.database.query(
      `UPDATE workflow_calls SET attempts = attempts + 1, due_at = now() + least(power(2, attempts), 360) * interval '1 minute'
       WHERE workflow_id IN (SELECT workflow_id FROM workflow_calls WHERE due_at <= now() ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING workflow_id, attempts`,
      [AT_ONCE],
    );
    return rows;
  }

  private async call({ workflow_id: id, attempts }: Due): Promise<void> {
    try {
      const workflow = await this.database.manager.findOneBy(WorkflowEntity, { id });
      const outside = workflow?.status === 'CREATED' ? await this.executors.outside(workflow.organization, workflow.type) : undefined;
      if (workflow && outside) {
        const task = this.taskOf(workflow);
        const headers = { [SIGNATURE_HEADER]: signatureOf(JSON.stringify(task), outside.secret, Date.now()) };
        const { status } = await this.outbound.send(outside.url, { method: 'POST', headers, json: task }, ANSWER_BYTES_MAX);
        if (status < 200 || status > 299) throw new Error(`the outside system answered ${status}`);
      }
      await this.forget(id);
    } catch (err) {
      this.log.warn({ err, workflowId: id, attempts }, 'an outside system could not be told of a workflow');
      if (attempts >= ATTEMPTS_MAX) await this.forget(id);
    }
  }

  private taskOf({ id, type, organization, description, createdAt, properties }: WorkflowEntity): object {
    const callbackUrl = `${this.installation.managementUrl}/api/gatehouse/v1/workflows/${id}/callback`;
    const createdTime = createdAt.toISOString();
    return { referenceId: id, workflowType: `AM_${type}`, tenantDomain: organization, createdTime, description, properties, callbackUrl };
  }

  private async forget(id: string): Promise<void> {
    await this.database.query('DELETE FROM workflow_calls WHERE workflow_id = $1', [id]);
  }
}
