import { ApiProperty } from '@nestjs/swagger';

export class TransactionCountDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
}
