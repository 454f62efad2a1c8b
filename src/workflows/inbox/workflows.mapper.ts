import { type PageQuery, page } from '../../platform/http/page.js';
import { Reply } from '../../platform/http/reply.js';
import type { WorkflowEntity } from '../workflow.entity.js';
import type { WorkflowInfoDto, WorkflowListDto } from './workflows.dto.js';

/** `yyyy-MM-dd HH:mm:ss.SSS` in UTC. */
const timeOf = (time: Date): string => time.toISOString().slice(0, 23).replace('T', ' ');

/** Only what waits is ever shown. */
export const toWorkflowInfoDto = (workflow: WorkflowEntity): WorkflowInfoDto => ({
  workflowType: workflow.type,
  workflowStatus: 'CREATED',
  createdTime: timeOf(workflow.createdAt),
  updatedTime: timeOf(workflow.updatedAt),
  referenceId: workflow.id,
  properties: { ...workflow.properties },
  description: workflow.description,
});

/** This list has its links beside the entries. */
export const toWorkflowListDto = (workflows: readonly WorkflowEntity[], total: number, query: PageQuery): WorkflowListDto => {
  const { next, previous } = page(workflows, total, query).pagination;
  return { count: workflows.length, next, previous, list: workflows.map(toWorkflowInfoDto) };
};

/** The reference has this refusal without a body (`error-codes.md` §6). */
export const OF_ANOTHER_TENANT = new Reply<never>(401);
