import { ApiProperty } from '@nestjs/swagger';
import { WORKFLOW_TYPES } from './workflow-types.js';

export class AttributeUpdateDto {
  attributeName!: string;
  current!: string;
  expected!: string;
}

/** What somebody asked for and nobody has decided yet. */
export class PendingChangeDto {
  @ApiProperty({ enum: WORKFLOW_TYPES.filter((type) => /^(APPLICATION|SUBSCRIPTION)_(CREATION|UPDATE|DELETION)$/.test(type)) })
  type!: string;
  description!: string;
  /** Milliseconds since the epoch. */
  requestedTime!: string;
  /** Of a change: what it would replace. */
  @ApiProperty({ type: [AttributeUpdateDto] }) updates!: AttributeUpdateDto[];
}
