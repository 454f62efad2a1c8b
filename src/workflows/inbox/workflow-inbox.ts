import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository, SelectQueryBuilder } from 'typeorm';
import { ApisForChange } from '../../apis/apis-for-change.js';
import { anyRef } from '../../domain/api.js';
import { shownName } from '../../domain/organization.js';
import { found, type ProblemKind } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { WorkflowEntity } from '../workflow.entity.js';
import { WORKFLOW_TYPES, type WorkflowType, workflowTypeOf } from '../workflow-types.js';
import { UndecidableWorkflow, WorkflowNotFound, WrongWorkflowType } from '../workflows.problems.js';
import { Workflows } from '../workflows.service.js';
import { type WorkflowDto } from './workflows.dto.js';

/** Where approvers sit: which types they decide, and whether the access roles of the APIs bind them. */
export interface Desk {
  readonly types: readonly WorkflowType[];
  readonly keepsAccessRoles: boolean;
}

export const ADMIN_DESK: Desk = { types: WORKFLOW_TYPES, keepsAccessRoles: false };
/** Deletions are for the administrators (`reference/publisher.md` §11). */
export const PUBLISHER_DESK: Desk = { types: ['SUBSCRIPTION_CREATION', 'SUBSCRIPTION_UPDATE'], keepsAccessRoles: true };

/** A workflow exists, but in another tenant: callers are told no more than that they may not see it. */
export const FOREIGN = Symbol('of another tenant');
export type Foreign = typeof FOREIGN;

interface InboxQuery {
  readonly type: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What waits for a decision, as the two desks see it. */
@Injectable()
export class WorkflowInbox {
  constructor(
    @InjectRepository(WorkflowEntity) private readonly rows: Repository<WorkflowEntity>,
    private readonly workflows: Workflows,
    private readonly apis: ApisForChange,
  ) {}

  /** A page of what waits, oldest first: two statements, whatever their number. @throws WrongWorkflowType (400). */
  async list(caller: User, desk: Desk, { type, limit, offset }: InboxQuery): Promise<{ items: readonly WorkflowEntity[]; total: number }> {
    const wanted = type ? workflowTypeOf(type) : undefined;
    if (type && (wanted === undefined || !desk.types.includes(wanted))) throw WrongWorkflowType();
    const waiting = this.rows
      .createQueryBuilder('workflow')
      .where('workflow.organization = :organization', { organization: caller.organization })
      .andWhere("workflow.status = 'CREATED'")
      .andWhere('workflow.type IN (:...types)', { types: wanted ? [wanted] : desk.types });
    const statement = desk.keepsAccessRoles ? ofVisibleApis(waiting, caller) : waiting;
    const [items, total] = await statement
      .orderBy('workflow.createdAt')
      .addOrderBy('workflow.id')
      .offset(offset)
      .limit(limit)
      .getManyAndCount();
    return { items, total };
  }

  /** @throws WorkflowNotFound (404) for one that does not wait, WrongWorkflowType (400), Forbidden (403). */
  async get(caller: User, desk: Desk, id: string): Promise<WorkflowEntity | Foreign> {
    const workflow = await this.find(caller, desk, id, WorkflowNotFound);
    if (workflow !== FOREIGN && workflow.status !== 'CREATED') throw WorkflowNotFound();
    return workflow;
  }

  /** @throws UndecidableWorkflow (404), WorkflowDecided (400), as {@link get}, and what speaks against the change by now. */
  async decide(caller: User, desk: Desk, id: string, { status, description = '' }: WorkflowDto): Promise<Foreign | undefined> {
    if ((await this.find(caller, desk, id, UndecidableWorkflow)) === FOREIGN) return FOREIGN;
    await this.workflows.decide(caller.organization, id, { status, note: description, decidedBy: shownName(caller) });
    return undefined;
  }

  /** Looked for in all tenants: the reference is a secret, and the wire tells one of another tenant from none. */
  private async find(caller: User, desk: Desk, id: string, unknown: ProblemKind): Promise<WorkflowEntity | Foreign> {
    const workflow = found(isUUID(id) ? await this.rows.findOneBy({ id }) : null, unknown, id);
    if (workflow.organization !== caller.organization) return FOREIGN;
    if (!desk.types.includes(workflow.type)) throw WrongWorkflowType();
    if (desk.keepsAccessRoles && workflow.apiId !== null) await this.apis.read(caller, anyRef(workflow.apiId));
    return workflow;
  }
}

/** The rule of {@link ApisForChange} as a condition. */
const ofVisibleApis = (statement: SelectQueryBuilder<WorkflowEntity>, caller: User): SelectQueryBuilder<WorkflowEntity> =>
  isAdmin(caller)
    ? statement
    : statement.andWhere(
        `EXISTS (SELECT 1 FROM apis WHERE apis.id = workflow.api_id AND apis.organization = workflow.organization
           AND (cardinality(apis.access_control_roles) = 0 OR apis.provider = :name
             OR EXISTS (SELECT 1 FROM unnest(apis.access_control_roles) AS role WHERE lower(role) = ANY (:roles))))`,
        { name: shownName(caller), roles: caller.roles.map((role) => role.toLowerCase()) },
      );
