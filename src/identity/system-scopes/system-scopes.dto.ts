import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsOptional, IsString, ValidateNested } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export class AdminScopeDto {
  /** The portal that asks for it. */
  @ReadOnly() tag?: string;
  @ApiProperty({ required: false }) @IsString() name!: string;
  @ReadOnly() description?: string;
  @IsOptional() @IsString({ each: true }) roles?: string[];
}

export class AdminScopeListDto {
  @ReadOnly({ type: 'integer' }) count?: number;
  @ApiProperty({ type: [AdminScopeDto], required: false })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => AdminScopeDto)
  list!: AdminScopeDto[];
}

export class AdminScopeSettingsDto {
  name?: string;
}

export class RoleAliasDto {
  /** The original role. */
  @ApiProperty({ required: false }) @IsString() role!: string;
  @IsOptional() @IsString({ each: true }) aliases?: string[];
}

export class RoleAliasListDto {
  @ReadOnly({ type: 'integer' }) count?: number;
  @ApiProperty({ type: [RoleAliasDto], required: false })
  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => RoleAliasDto)
  list!: RoleAliasDto[];
}
