import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsBoolean, IsDefined, IsIn, IsInt, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { CONDITION_TYPES, type ConditionType } from '../../domain/deny-rules.js';
import { ReadOnly } from '../../platform/http/read-only.js';

export class BlockingConditionDto {
  @ReadOnly() conditionId?: string;
  @IsIn(CONDITION_TYPES) conditionType!: ConditionType;
  /** A text, for addresses and their ranges an object. */
  @ApiProperty({ type: 'object', properties: {} })
  @IsDefined()
  conditionValue!: unknown;
  @IsOptional() @IsBoolean() conditionStatus?: boolean;
}

export class BlockingConditionListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => BlockingConditionDto)
  list?: BlockingConditionDto[];
}

export class BlockingConditionStatusDto {
  @ReadOnly() conditionId?: string;
  @IsBoolean() conditionStatus!: boolean;
}
