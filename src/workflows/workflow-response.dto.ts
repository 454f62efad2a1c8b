import { ApiProperty } from '@nestjs/swagger';

/** A change that waits for an approval. */
export class DevportalWorkflowResponseDto {
  @ApiProperty({ type: 'string', enum: ['CREATED', 'APPROVED', 'REJECTED', 'REGISTERED'] }) workflowStatus!: 'CREATED';
  @ApiProperty({ required: false }) jsonPayload!: string;
}

export const WAITS: DevportalWorkflowResponseDto = { workflowStatus: 'CREATED', jsonPayload: '' };
