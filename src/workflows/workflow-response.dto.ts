import { ApiProperty } from '@nestjs/swagger';

/** A change that waits for an approval. */
export class DevportalWorkflowResponseDto {
  @ApiProperty({ type: 'string', enum: ['CREATED', 'APPROVED', 'REJECTED', 'REGISTERED'] }) workflowStatus!: 'CREATED';
  @ApiProperty({ required: false }) jsonPayload!: string;
}

/** `redirection` is where an outside system sends whoever asked, as JSON. */
export const waits = (redirection = ''): DevportalWorkflowResponseDto => ({ workflowStatus: 'CREATED', jsonPayload: redirection });
