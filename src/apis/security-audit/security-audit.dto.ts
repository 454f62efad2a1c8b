import { ApiProperty } from '@nestjs/swagger';

export class AuditReportDto {
  /** The report of the audit service, as JSON. */
  report?: string;
  grade?: string;
  @ApiProperty({ type: 'integer', required: false }) numErrors?: number;
  /** How the audit service calls the API. */
  externalApiId?: string;
}
