import { ApiProperty } from '@nestjs/swagger';

export class APIKeyDto {
  apikey?: string;
  /** Seconds. */
  @ApiProperty({ type: 'integer', format: 'int32', required: false }) validityTime!: number;
}
