import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsObject, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ThrottlePolicyDto } from '../dto/throttle-policy.dto.js';

export class CustomRuleDto extends ThrottlePolicyDto {
  /** What counts and how much of it is allowed, in Siddhi. */
  @IsString() siddhiQuery!: string;
  /** Variables separated by colons, for example `$userId:$apiContext`: what the query's `throttleKey` must come to. */
  @IsString() keyTemplate!: string;
}

export class CustomRuleListDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CustomRuleDto)
  list?: CustomRuleDto[];
}
