import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString, MaxLength } from 'class-validator';
import { DECISIONS, type Decision, WORKFLOW_TYPES, type WorkflowType } from '../workflow-types.js';

const STATUSES = ['APPROVED', 'CREATED'] as const;

/** A decision. */
export class WorkflowDto {
  @IsIn(DECISIONS) status!: Decision;
  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @IsOptional()
  @IsObject()
  attributes?: Record<string, string>;
  @IsOptional() @IsString() description?: string;
}

/** What an outside system decided. */
export class CallbackDto {
  @IsIn(DECISIONS) status!: Decision;
  @IsOptional() @IsString() @MaxLength(2_000) description?: string;
}

export class WaitingWorkflow {
  @ApiProperty({ type: 'string', enum: STATUSES, required: false }) workflowStatus!: (typeof STATUSES)[number];
  createdTime?: string;
  updatedTime?: string;
  referenceId?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true }) properties!: Record<string, unknown>;
  description?: string;
}

export class WorkflowPage {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  next?: string;
  previous?: string;
}

/** What waits for a decision. */
export class WorkflowInfoDto extends WaitingWorkflow {
  @ApiProperty({ type: 'string', enum: WORKFLOW_TYPES, required: false }) workflowType!: WorkflowType;
}

export class WorkflowListDto extends WorkflowPage {
  @ApiProperty({ type: [WorkflowInfoDto], required: false }) list!: WorkflowInfoDto[];
}

/** The same for publishers, whose contract knows one type less. */
export class PublisherWorkflowInfoDto extends WaitingWorkflow {
  @ApiProperty({ type: 'string', enum: WORKFLOW_TYPES.filter((type) => type !== 'APPLICATION_UPDATE'), required: false })
  workflowType!: WorkflowType;
}

export class PublisherWorkflowListDto extends WorkflowPage {
  @ApiProperty({ type: [PublisherWorkflowInfoDto], required: false }) list!: PublisherWorkflowInfoDto[];
}
