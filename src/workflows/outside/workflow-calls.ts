import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Installation } from '../../platform/config/installation.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { type Fetched, Outbound } from '../../platform/outbound/outbound.js';
import { Executors } from '../executors.js';
import { WorkflowEntity, type WorkflowProperties } from '../workflow.entity.js';
import type { WorkflowType } from '../workflow-types.js';
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
  readonly createdTime: string;
  readonly description: string;
  readonly properties: WorkflowProperties;
  readonly callbackUrl: string;
}

const keyOf = ({ type, subject }: About): string => `${type}:${subject}`;

interface Due {
  readonly workflow_id: string;
  readonly attempts: number;
}

/** Tells outside systems of what they are to decide. Who is to be told is written with the request and called after its commit, until the system has it. */
@Injectable()
export class WorkflowCalls implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private draining: Promise<void> | undefined;
  /** What outside systems answer to requests of this process, by what they are about. */
  private readonly answers = new Map<string, Promise<Redirection | undefined>>();

  constructor(
    private readonly database: DataSource,
    private readonly executors: Executors,
    private readonly outbound: Outbound,
    private readonly installation: Installation,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('workflow.asked', ({ workflowId, about }) => this.tell(workflowId, about));
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

  /** Has the outside system told once the transaction has committed, by this process unless it ends before. */
  async add(tx: Tx, workflowId: string, about: About): Promise<void> {
    await tx.em.query("INSERT INTO workflow_calls (workflow_id, attempts, due_at) VALUES ($1, 1, now() + interval '1 minute')", [
      workflowId,
    ]);
    tx.raise('workflow.asked', { workflowId, about: keyOf(about) });
  }

  /**
   * Where the outside system sends whoever has just asked, as JSON; empty where it sends nobody anywhere, or takes longer to say so than a person
   * waits. Told once.
   */
  async redirection(about: About): Promise<string> {
    const answer = this.answers.get(keyOf(about));
    if (answer === undefined) return '';
    this.answers.delete(keyOf(about));
    const answered = new AbortController();
    const late = delay(REDIRECTION_WAIT_MS, undefined, { signal: answered.signal }).catch(() => undefined);
    const redirection = await Promise.race([answer, late]);
    answered.abort();
    return redirection === undefined ? '' : JSON.stringify(redirection);
  }

  /** A new request goes out by itself, however long the queue is. */
  private async tell(id: string, about: string): Promise<void> {
    const answer = this.call({ workflow_id: id, attempts: 1 });
    this.answers.set(about, answer);
    await answer;
    setTimeout(() => {
      if (this.answers.get(about) === answer) this.answers.delete(about);
    }, ANSWER_KEPT_MS).unref();
    await this.callDue();
  }

  /** Calls for what is due, once at a time, so that systems that hang keep a few connections and no more; what fails is due again later. */
  private callDue(): Promise<void> {
    this.draining ??= this.drain().finally(() => {
      this.draining = undefined;
    });
    return this.draining;
  }

  private async drain(): Promise<void> {
    for (let due = await this.due(); due.length > 0; due = await this.due()) await Promise.all(due.map((one) => this.call(one)));
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

  private async call({ workflow_id: id, attempts }: Due): Promise<Redirection | undefined> {
    try {
      const workflow = await this.database.manager.findOneBy(WorkflowEntity, { id });
      const outside = workflow?.status === 'CREATED' ? await this.executors.outside(workflow.organization, workflow.type) : undefined;
      let redirection: Redirection | undefined;
      if (workflow && outside) {
        const task = this.taskOf(workflow);
        const headers = { [SIGNATURE_HEADER]: signatureOf(JSON.stringify(task), outside.secret, Date.now()) };
        const answer = await this.outbound.send(outside.url, { method: 'POST', headers, json: task }, ANSWER_BYTES_MAX);
        if (answer.status < 200 || answer.status > 299) throw new Error(`the outside system answered ${answer.status}`);
        redirection = this.redirectionOf(answer, task);
      }
      await this.forget(id);
      return redirection;
    } catch (err) {
      this.log.warn({ err, workflowId: id, attempts }, 'an outside system could not be told of a workflow');
      if (attempts >= ATTEMPTS_MAX) await this.forget(id);
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

  private taskOf({ id, type, organization, description, createdAt, properties }: WorkflowEntity): Task {
    const callbackUrl = `${this.installation.managementUrl}/api/gatehouse/v1/workflows/${id}/callback`;
    const createdTime = createdAt.toISOString();
    return { referenceId: id, workflowType: `AM_${type}`, tenantDomain: organization, createdTime, description, properties, callbackUrl };
  }

  private async forget(id: string): Promise<void> {
    await this.database.query('DELETE FROM workflow_calls WHERE workflow_id = $1', [id]);
  }
}
