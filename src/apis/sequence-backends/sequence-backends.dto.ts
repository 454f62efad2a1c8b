import { ApiProperty } from '@nestjs/swagger';
import { Allow, IsOptional } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export class SequenceBackendDto {
  @ReadOnly() sequenceId?: string;
  @ReadOnly() sequenceName?: string;
  @ReadOnly() sequenceType?: string;
  @ReadOnly({ type: 'string', format: 'binary' }) sequence?: string;
}

export class SequenceBackendListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [SequenceBackendDto], required: false }) list!: readonly SequenceBackendDto[];
}

/** The sequence comes with the files. */
export class UpdateSequenceBackendForm {
  @ApiProperty({ format: 'binary', type: 'string', required: false }) @Allow() sequence?: string;
  @ApiProperty({ type: 'string', required: false }) @IsOptional() @Allow() type?: unknown;
}
