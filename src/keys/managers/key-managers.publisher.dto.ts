import { ApiProperty } from '@nestjs/swagger';

export class KeyManagerInfoDto {
  @ApiProperty({ required: false }) id!: string;
  name!: string;
  @ApiProperty({ required: false }) displayName!: string;
  type!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ required: false }) enabled!: boolean;
  @ApiProperty({ type: 'array', items: { type: 'object' }, required: false }) additionalProperties!: Record<string, unknown>[];
}

export class KeyManagerListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [KeyManagerInfoDto], required: false }) list!: KeyManagerInfoDto[];
}
