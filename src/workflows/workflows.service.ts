import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import { type EntityManager, type FindOptionsWhere, In, type Repository } from 'typeorm';
import { found } from '../domain/problem.js';
import { onConflict, Transactions, type Tx } from '../platform/database/transactions.js';
import { Executors } from './executors.js';
import { type About, WorkflowCalls } from './outside/workflow-calls.js';
import { WorkflowEntity, type WorkflowInput, type WorkflowProperties } from './workflow.entity.js';
import type { Decision, WorkflowStatus, WorkflowType } from './workflow-types.js';
import { UndecidableWorkflow, WorkflowDecided, WorkflowPending } from './workflows.problems.js';

/** A change that may have to wait for somebody's approval. */
export interface WorkflowRequest {
  readonly organization: string;
  readonly type: WorkflowType;
  /** What is decided about: no second request of the type is taken for it while one waits. */
  readonly subject: string;
  readonly apiId?: string;
  readonly applicationId?: string;
  readonly subscriptionId?: string;
  readonly revisionId?: string;
  readonly userId?: string;
  readonly keyMappingId?: string;
  readonly properties: WorkflowProperties;
  /** Of the application it is about, shown to approvers where the executor is configured to. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly input?: WorkflowInput;
  /** One sentence for the approver. */
  readonly description: string;
  /** Of a change of state: the transition, `State:Action`. */
  readonly step?: string;
}

/** What happens to a change once somebody decided. Each call belongs to the transaction of the decision. */
export interface Completion {
  /** Locks what the decision is about, in the order everybody keeps (application, API, subscription), before the workflow's own row. */
  hold(tx: Tx, workflow: WorkflowEntity): Promise<void>;
  approve(tx: Tx, workflow: WorkflowEntity): Promise<void>;
  reject(tx: Tx, workflow: WorkflowEntity): Promise<void>;
  /** Does before the transaction of an approval what needs the network; undefined where nothing does. */
  prepare?(workflow: WorkflowEntity): Promise<PreparedApproval | undefined>;
}

/** An approval of which a part is done already. */
export interface PreparedApproval extends Pick<Completion, 'approve'> {
  /** For an approval that came to nothing: somebody else decided meanwhile, or it was refused. */
  undo(): Promise<void>;
}

/** What was decided, by whom as the wire shows the name, and what they said to it. */
export interface Verdict {
  readonly status: Decision;
  readonly note: string;
  readonly decidedBy: string;
  /** Whether the outside system decided that was asked, which then knows. */
  readonly isFromOutside?: boolean;
}

/** Rows of a type by what they are about. */
export type WorkflowFilter = Pick<WorkflowEntity, 'type'> &
  Partial<Pick<WorkflowRequest, 'apiId' | 'applicationId' | 'subscriptionId' | 'revisionId' | 'subject'>>;

/**
 * Changes that wait for an approval. Modules register what a decision of their types does, and ask in the transaction of a change whether it may
 * run; whatever waits is a row, so a restart loses nothing.
 */
@Injectable()
export class Workflows {
  private readonly completions = new Map<WorkflowType, Completion>();

  constructor(
    @InjectRepository(WorkflowEntity) private readonly rows: Repository<WorkflowEntity>,
    private readonly executors: Executors,
    private readonly calls: WorkflowCalls,
    private readonly transactions: Transactions,
  ) {}

  /** To be called in `onModuleInit`. */
  register(type: WorkflowType, completion: Completion): void {
    this.completions.set(type, completion);
  }

  /**
   * `now`: nobody has to be asked, the caller goes on. `pending`: the change waits for its decision and must not be made in this transaction.
   * What the request is about has to be locked. @throws WorkflowPending (409).
   */
  async start(tx: Tx, { step, attributes, ...request }: WorkflowRequest): Promise<'now' | 'pending'> {
    const asked = await this.executors.asked(tx, request.organization, request.type, step);
    if (asked === undefined) return 'now';
    const id = randomUUID();
    const isOutside = asked.executor === 'http';
    // An attribute does not hide a property of the same name.
    const properties = asked.applicationAttributesVisibility ? { ...attributes, ...request.properties } : request.properties;
    await tx.em
      .insert(WorkflowEntity, { ...request, id, status: 'CREATED', isOutside, properties, input: request.input ?? {} })
      .catch(onConflict('workflows_pending', WorkflowPending));
    if (isOutside) await this.calls.add(tx, { ...request, id });
    return 'pending';
  }

  /** Where an outside system sends whoever has just asked, as JSON of the wire; empty for nowhere. To be called after the transaction that asked. */
  redirection(about: About): Promise<string> {
    return this.calls.redirection(about);
  }

  /** @throws WorkflowPending (409) when a request about the subject waits. */
  async refusePending(tx: Tx, organization: string, filter: WorkflowFilter): Promise<void> {
    if (await tx.em.existsBy(WorkflowEntity, { organization, ...filter, status: 'CREATED' })) throw WorkflowPending();
  }

  /** Forgets the requests that match and are in one of the states; gives how many there were. */
  async drop(tx: Tx, organization: string, filter: WorkflowFilter, statuses: readonly WorkflowStatus[] = ['CREATED']): Promise<number> {
    const { affected } = await tx.em.delete(WorkflowEntity, { organization, ...filter, status: In([...statuses]) });
    if (affected) this.calls.tellSoon(tx, organization);
    return affected ?? 0;
  }

  /** The requests that match, oldest first, decided ones included; inside a transaction when its manager is given. */
  async of(organization: string, filter: WorkflowFilter, em: EntityManager = this.rows.manager): Promise<readonly WorkflowEntity[]> {
    const where: FindOptionsWhere<WorkflowEntity> = { organization, ...filter };
    return em.find(WorkflowEntity, { where, order: { createdAt: 'ASC', id: 'ASC' } });
  }

  /**
   * Carries out or turns down what waits. The same decision once more changes nothing.
   * @throws UndecidableWorkflow (404), WorkflowDecided (400) when it was decided otherwise, and what the completion refuses.
   */
  async decide(organization: string, id: string, { status, note, decidedBy, isFromOutside = false }: Verdict): Promise<void> {
    const known = found(isUUID(id) ? await this.rows.findOneBy({ organization, id }) : null, UndecidableWorkflow, id);
    const completion = this.completions.get(known.type);
    if (completion === undefined) throw new Error(`nobody completes workflows of type ${known.type}`);
    const prepared = status === 'APPROVED' && known.status === 'CREATED' ? await completion.prepare?.(known) : undefined;
    let isDone = false;
    try {
      isDone = await this.transactions.run(async (tx) => {
        await completion.hold(tx, known);
        const row = await tx.em.findOne(WorkflowEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
        const workflow = found(row, UndecidableWorkflow, id);
        if (workflow.status === status) return false;
        if (workflow.status !== 'CREATED') throw WorkflowDecided();
        // First, so that what follows does not find it waiting; a deletion takes the row along.
        await tx.em.update(WorkflowEntity, { organization, id }, { status, note, decidedBy });
        if (workflow.isOutside && !isFromOutside) await this.calls.addDecision(tx, workflow, status);
        await (status === 'APPROVED' ? (prepared ?? completion).approve(tx, workflow) : completion.reject(tx, workflow));
        return true;
      });
    } finally {
      if (!isDone) await prepared?.undo();
    }
  }
}
