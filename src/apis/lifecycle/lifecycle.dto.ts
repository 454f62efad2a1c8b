import { ApiProperty } from '@nestjs/swagger';

export const WORKFLOW_STATUSES = ['CREATED', 'APPROVED', 'REJECTED', 'REGISTERED'] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

export class LifecycleStateCheckItemsItemDto {
  name?: string;
  value?: boolean;
  requiredStates?: string[];
}

export class LifecycleStateAvailableTransitionsItemDto {
  event?: string;
  targetState?: string;
}

/** The state in title case, with what can be done next. */
export class LifecycleStateDto {
  state?: string;
  @ApiProperty({ type: [LifecycleStateCheckItemsItemDto], required: false }) checkItems!: LifecycleStateCheckItemsItemDto[];
  @ApiProperty({ type: [LifecycleStateAvailableTransitionsItemDto], required: false })
  availableTransitions!: LifecycleStateAvailableTransitionsItemDto[];
}

export class LifecycleHistoryItemDto {
  @ApiProperty({ type: 'string', required: false, nullable: true }) previousState!: string | null;
  postState?: string;
  user?: string;
  @ApiProperty({ format: 'dateTime', type: 'string', required: false }) updatedTime!: string;
}

export class LifecycleHistoryDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [LifecycleHistoryItemDto], required: false }) list!: LifecycleHistoryItemDto[];
}

/** What became of a change of state. */
export class WorkflowResponseDto {
  workflowStatus!: WorkflowStatus;
  @ApiProperty({ required: false }) jsonPayload!: string;
  @ApiProperty({ type: LifecycleStateDto, required: false }) lifecycleState!: LifecycleStateDto;
}
