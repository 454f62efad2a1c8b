import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { EventMap } from '../../domain/events.js';
import { Installation } from '../../platform/config/installation.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { type Fetched, Outbound } from '../../platform/outbound/outbound.js';
import { Traces } from '../../platform/tracing/traces.js';
import { Executors } from '../executors.js';
import { WorkflowEntity, type WorkflowProperties } from '../workflow.entity.js';
import type { Decision, WorkflowStatus, WorkflowType } from '../workflow-types.js';
import { type Redirection, redirectionIn } from './redirection.js';
import { SIGNATURE_HEADER, signatureOf } from './signature.js';

const RETRY_EVERY_MS = 30_000;
const AT_ONCE = 20;
/** Tried for about two days, at growing distances. Whoever administers the tenant may decide all the while. */
const ATTEMPTS_MAX = 14;
const ANSWER_BYTES_MAX = 65_536;
/** How long a portal is kept waiting for the answer, which may send its user elsewhere. */
const REDIRECTION_WAIT_MS = 5_000;
/** How long an answer is there for whoever asked. */
const ANSWER_KEPT_MS = 60_000;

/** What a request is about; one of a type waits at a time. */
export interface About {
  readonly type: WorkflowType;
  readonly subject: string;
}

/** What an outside system is sent. */
interface Task {
  readonly referenceId: string;
  readonly workflowType: string;
  readonly tenantDomain: string;
  readonly status: WorkflowStatus;
  readonly createdTime: string;
  readonly description: string;
  readonly properties: WorkflowProperties;
  readonly callbackUrl: string;
}

const keyOf = ({ type, subject }: About): string => `${type}:${subject}`;

/** What an outside system is told: of a request, or how one ended that it is not to decide any more. */
interface Call {
  readonly id: string;
  readonly organization: string;
  readonly type: WorkflowType;
  readonly status: WorkflowStatus | 'CANCELLED';
  readonly attempts: number;
}

/** Tells outside systems of what they are to decide. Who is to be told is written with the request and called after its commit, until the system has it. */
@Injectable()
export class WorkflowCalls implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  /** What is being told, by tenant. */
  private readonly draining = new Map<string, Promise<void>>();
  /** What outside systems answer to requests of this process, by what they are about. */
  private readonly answers = new Map<string, Promise<Redirection | undefined>>();

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
    this.events.on('workflow.asked', (asked) => this.tell(asked));
    this.events.on('workflow.ended', ({ organization }) => this.callDue(organization));
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

  /** Has the outside system told of a request once the transaction has committed, by this process unless it ends before. */
  async add(tx: Tx, workflow: About & { readonly id: string; readonly organization: string }): Promise<void> {
    const { id, organization, type } = workflow;
    await tx.em.query(
      `INSERT INTO workflow_calls (workflow_id, organization, type, attempts, due_at) VALUES ($1, $2, $3, 1, now() + interval '1 minute')`,
      [id, organization, type],
    );
    tx.raise('workflow.asked', { organization, workflowId: id, about: keyOf(workflow) });
  }

  /** Has an outside system told that somebody else decided. What is taken back, or goes with what it is about, is queued by the database. */
  async addDecision(tx: Tx, { id, organization, type }: WorkflowEntity, status: Decision): Promise<void> {
    await tx.em.query(
      `INSERT INTO workflow_calls (workflow_id, organization, type, status) VALUES ($1, $2, $3, $4)
       ON CONFLICT (workflow_id) DO UPDATE SET status = excluded.status, attempts = 0, due_at = now()`,
      [id, organization, type, status],
    );
    this.tellSoon(tx, organization);
  }

  /** Has what is due of a tenant told right after the commit, rather than at the next look at the queue. */
  tellSoon(tx: Tx, organization: string): void {
    tx.raise('workflow.ended', { organization });
  }

  /**
   * Where the outside system sends whoever has just asked, as JSON; empty where it sends nobody anywhere, or takes longer to say so than a person
   * waits. Told once.
   */
  async redirection(about: About): Promise<string> {
    const answer = this.answers.get(keyOf(about));
    if (answer === undefined) return '';
    this.answers.delete(keyOf(about));
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), REDIRECTION_WAIT_MS);
    const redirection = await Promise.race([answer, late.promise]);
    clearTimeout(timer);
    return redirection === undefined ? '' : JSON.stringify(redirection);
  }

  /** A new request goes out by itself, however long the queue is. */
  private async tell({ organization, workflowId: id, about }: EventMap['workflow.asked']): Promise<void> {
    const answer = this.ask({ id, attempts: 1 });
    this.answers.set(about, answer);
    await answer;
    setTimeout(() => {
      if (this.answers.get(about) === answer) this.answers.delete(about);
    }, ANSWER_KEPT_MS).unref();
    await this.callDue(organization);
  }

  /** Tells what is due of a tenant; what fails is due again later. Once at a time for each, so that a system that hangs holds up its own tenant alone. */
  private callDue(organization: string): Promise<void> {
    const running = this.draining.get(organization) ?? this.drain(organization).finally(() => this.draining.delete(organization));
    this.draining.set(organization, running);
    return running;
  }

  private async drain(organization: string): Promise<void> {
    for (let due = await this.due(organization); due.length > 0; due = await this.due(organization)) {
      await Promise.all(due.map((one) => (one.status === 'CREATED' ? this.ask(one) : this.tellEnd(one))));
    }
  }

  private retry(): void {
    this.callAllDue().catch((err: unknown) => this.log.warn({ err }, 'outside systems are told of workflows later'));
  }

  private async callAllDue(): Promise<void> {
    const tenants: readonly Pick<Call, 'organization'>[] = await this.database.query(
      'SELECT DISTINCT organization FROM workflow_calls WHERE due_at <= now()',
    );
    await Promise.all(tenants.map(({ organization }) => this.callDue(organization)));
  }

  /** Takes some: nobody else tries them before they are due again. */
  private async due(organization: string): Promise<readonly Call[]> {
    const [rows]: [readonly Call[], number] = await this.database.query(
      `UPDATE workflow_calls SET attempts = attempts + 1, due_at = now() + least(power(2, attempts), 360) * interval '1 minute'
       WHERE workflow_id IN (SELECT workflow_id FROM workflow_calls
         WHERE organization = $1 AND due_at <= now() ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING workflow_id AS id, organization, type, status, attempts`,
      [organization, AT_ONCE],
    );
    return rows;
  }

  /** Tells of a request, unless it is decided or gone by now. */
  private async ask(call: Pick<Call, 'id' | 'attempts'>): Promise<Redirection | undefined> {
    return this.tried({ ...call, status: 'CREATED' }, async () => {
      const workflow = await this.database.manager.findOneBy(WorkflowEntity, { id: call.id, status: 'CREATED' });
      const task = workflow && this.taskOf(workflow);
      const answer = workflow && (await this.send(workflow, task));
      return answer && task ? this.redirectionOf(answer, task) : undefined;
    });
  }

  /** Tells that nothing is to be decided any more. */
  private async tellEnd(call: Call): Promise<void> {
    const { id: referenceId, organization: tenantDomain, type, status } = call;
    await this.tried(call, () => this.send(call, { referenceId, workflowType: `AM_${type}`, tenantDomain, status }));
  }

  /** Undefined where nobody outside is asked about the type any more. @throws OutboundError, Error for an answer that is no success. */
  private async send({ organization, type }: Pick<Call, 'organization' | 'type'>, message: object | null): Promise<Fetched | undefined> {
    const outside = await this.executors.outside(organization, type);
    if (outside === undefined || message === null) return undefined;
    const headers = { [SIGNATURE_HEADER]: signatureOf(JSON.stringify(message), outside.secret, Date.now()) };
    const answer = await this.outbound.send(outside.url, { method: 'POST', headers, json: message }, ANSWER_BYTES_MAX);
    if (answer.status < 200 || answer.status > 299) throw new Error(`the outside system answered ${answer.status}`);
    return answer;
  }

  /** Takes the call off the queue once it succeeded, or was tried often enough. */
  private async tried<T>(call: Pick<Call, 'id' | 'attempts' | 'status'>, run: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await this.traces.job('workflow call', run);
      await this.forget(call);
      return result;
    } catch (err) {
      const { id: workflowId, attempts } = call;
      this.log.warn({ err, workflowId, attempts }, 'an outside system could not be told of a workflow');
      if (attempts >= ATTEMPTS_MAX) await this.forget(call);
      return undefined;
    }
  }

  /** The system has the task, whatever else it says: a redirection that nobody could follow is none. */
  private redirectionOf(
    { mediaType, body }: Fetched,
    { referenceId: workflowRefId, callbackUrl: CallbackUrl }: Task,
  ): Redirection | undefined {
    if (!/^application\/json\b/i.test(mediaType) || body.length === 0) return undefined;
    try {
      return redirectionIn(body.toString(), { CallbackUrl, workflowRefId });
    } catch (err) {
      this.log.warn({ err, workflowId: workflowRefId }, 'the redirection of an outside system is not followed');
      return undefined;
    }
  }

  private taskOf({ id, type, organization, status, description, createdAt, properties }: WorkflowEntity): Task {
    const callbackUrl = `${this.installation.managementUrl}/api/gatehouse/v1/workflows/${id}/callback`;
    const createdTime = createdAt.toISOString();
    const about = { referenceId: id, workflowType: `AM_${type}`, tenantDomain: organization, status };
    return { ...about, createdTime, description, properties, callbackUrl };
  }

  /** What ended meanwhile stays in the queue, to be told as well. */
  private async forget({ id, status }: Pick<Call, 'id' | 'status'>): Promise<void> {
    await this.database.query('DELETE FROM workflow_calls WHERE workflow_id = $1 AND status = $2', [id, status]);
  }
}
