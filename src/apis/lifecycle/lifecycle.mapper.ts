import type { ApiStatus } from '../../domain/api.js';
import { checkItemsOf, titleOf, transitionsFrom } from '../../domain/lifecycle.js';
import type { LifecycleHistoryDto, LifecycleStateDto, WorkflowResponseDto } from './lifecycle.dto.js';
import type { LifecycleEventEntity } from './lifecycle-event.entity.js';

/** Where an API stands; `hasOlderVersion` because only then there is something to tick. */
export interface LifecyclePosition {
  readonly status: ApiStatus;
  readonly hasOlderVersion: boolean;
}

export const toLifecycleStateDto = ({ status, hasOlderVersion }: LifecyclePosition): LifecycleStateDto => ({
  state: titleOf(status),
  checkItems: (hasOlderVersion ? checkItemsOf(status) : []).map((name) => ({ name, value: false, requiredStates: [] })),
  // The target is never told; portals look at the event alone.
  availableTransitions: transitionsFrom(status).map(({ action }) => ({ event: action, targetState: '' })),
});

/** A change that was made at once, as every one is without approval workflows. */
export const toWorkflowResponseDto = (position: LifecyclePosition): WorkflowResponseDto => ({
  workflowStatus: 'APPROVED',
  jsonPayload: '',
  lifecycleState: toLifecycleStateDto(position),
});

export const toLifecycleHistoryDto = (events: readonly LifecycleEventEntity[]): LifecycleHistoryDto => ({
  count: events.length,
  list: events.map(({ previousState, postState, user, happenedAt }) => ({
    previousState,
    postState,
    user,
    updatedTime: happenedAt.toISOString(),
  })),
});
