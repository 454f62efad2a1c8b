import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

export class AdminOrganizationDto {
  @ReadOnly() organizationId?: string;
  @IsString() externalOrganizationId!: string;
  @ReadOnly() parentOrganizationId?: string;
  @IsOptional() @Length(1, 255) displayName?: string;
  @IsOptional() @IsString() @MaxLength(1023) description?: string;
}

export class AdminOrganizationListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [AdminOrganizationDto], required: false }) list!: readonly AdminOrganizationDto[];
}

/** An organization as publishers see it: only ever answered. */
export class OrganizationDto {
  @ApiProperty({ readOnly: true }) organizationId!: string;
  @ApiProperty({ required: false }) externalOrganizationId!: string;
  @ReadOnly() parentOrganizationId?: string;
  @ApiProperty({ required: false, minLength: 1, maxLength: 255 }) displayName!: string;
  @ApiProperty({ required: false, maxLength: 1023 }) description!: string;
}

export class OrganizationListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [OrganizationDto], required: false }) list!: readonly OrganizationDto[];
}
