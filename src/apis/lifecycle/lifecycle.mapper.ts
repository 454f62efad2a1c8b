import type { ApiKind, ApiStatus } from '../../domain/api.js';
import { checkItemsOf, type Lifecycle, titleOf, transitionsFrom } from '../../domain/lifecycle.js';
import type { LifecycleHistoryDto, LifecycleStateDto, WorkflowResponseDto } from './lifecycle.dto.js';
import type { LifecycleEventEntity } from './lifecycle-event.entity.js';

/** Where an API stands in the life cycle of its tenant; `hasOlderVersion` because only then there is something to tick. */
export interface LifecyclePosition {
  readonly lifecycle: Lifecycle;
  readonly kind: ApiKind;
  readonly status: ApiStatus;
  readonly hasOlderVersion: boolean;
}

/** What became of a change of state: made, or waiting for an approval in the old position. */
export interface LifecycleOutcome extends LifecyclePosition {
  readonly isPending: boolean;
  /** Where an outside system sends whoever asked, as JSON of the wire; empty for nowhere. */
  readonly redirection: string;
}

export const toLifecycleStateDto = ({ lifecycle, kind, status, hasOlderVersion }: LifecyclePosition): LifecycleStateDto => ({
  state: titleOf(lifecycle, status),
  checkItems: (hasOlderVersion ? checkItemsOf(lifecycle, status, kind) : []).map((name) => ({ name, value: false, requiredStates: [] })),
  // The target is never told; portals look at the event alone.
  availableTransitions: transitionsFrom(lifecycle, status).map(({ action }) => ({ event: action, targetState: '' })),
});

export const toWorkflowResponseDto = (outcome: LifecycleOutcome): WorkflowResponseDto => ({
  workflowStatus: outcome.isPending ? 'CREATED' : 'APPROVED',
  jsonPayload: outcome.redirection,
  lifecycleState: toLifecycleStateDto(outcome),
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
