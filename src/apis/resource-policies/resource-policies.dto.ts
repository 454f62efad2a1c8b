import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export class ResourcePolicyInfoDto {
  @ReadOnly() id?: string;
  /** Of the resource the policy is for; a change leaves it alone. */
  @IsOptional() @IsString() httpVerb?: string;
  @IsOptional() @IsString() resourcePath?: string;
  @IsOptional() @IsString() content?: string;
}

export class ResourcePolicyListDto {
  @ApiProperty({ type: [ResourcePolicyInfoDto], required: false }) list!: readonly ResourcePolicyInfoDto[];
  @ApiProperty({ type: 'integer', required: false }) count!: number;
}
