import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../platform/http/page.js';
import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit-kinds.js';

/** One row of one table that was created, updated or deleted. */
export class AuditEntryDto {
  @ApiProperty({ format: 'uuid' }) id!: string;
  /** UTC, to the microsecond. */
  @ApiProperty({ format: 'date-time' }) at!: string;
  /** `name@tenant`; `anonymous` for a request without a caller, `system` for what the server did by itself. */
  user!: string;
  /** The client's, as `gateway.trusted_proxies` has it; empty for the server. */
  address!: string;
  @ApiProperty({ enum: AUDIT_ACTIONS }) action!: (typeof AUDIT_ACTIONS)[number];
  @ApiProperty({ enum: AUDIT_KINDS }) kind!: string;
  entityId!: string;
  @ApiProperty({ type: String, nullable: true }) entityName!: string | null;
  /** What the entity belongs to: the API of a document, the application of a subscription. */
  @ApiProperty({ type: String, nullable: true }) parentId!: string | null;
  /** The same for all that was changed at one stroke. */
  transactionId!: string;
  /** What was changed, as it was; secrets are `[masked]`, what is large is told by its digest. Null for what was created. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) before!: Record<string, unknown> | null;
  /** What was changed, as it became. Null for what was deleted. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) after!: Record<string, unknown> | null;
}

export class AuditEntryListDto {
  @ApiProperty({ type: 'integer' }) count!: number;
  @ApiProperty({ type: [AuditEntryDto] }) list!: readonly AuditEntryDto[];
  pagination!: PaginationDto;
}
