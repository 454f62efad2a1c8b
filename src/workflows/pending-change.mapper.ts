import type { PendingChangeDto } from './pending-change.dto.js';
import type { AttributeUpdate, WorkflowEntity } from './workflow.entity.js';

export const toPendingChangeDto = ({ type, description, createdAt, properties }: WorkflowEntity): PendingChangeDto => {
  const { updates } = properties;
  return {
    type,
    description,
    requestedTime: String(createdAt.getTime()),
    updates: Array.isArray(updates) ? updates.map((update: AttributeUpdate) => ({ ...update })) : [],
  };
};
