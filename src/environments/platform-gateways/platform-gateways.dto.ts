import { ApiHideProperty, ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsByteLength, IsObject, IsOptional, IsString, Length, Matches, MaxLength, ValidateNested } from 'class-validator';
import { ENVIRONMENT_PERMISSION_TYPES, EnvironmentPermissionsDto } from '../environments.dto.js';

/** The contract sets no limit, and so the document names none. */
const VHOST_BYTES_MAX = 1_023;
const ANYTHING = { type: 'object', additionalProperties: true } as const;

export class PlatformGatewayPermissionsDto {
  @ApiProperty({ enum: ENVIRONMENT_PERMISSION_TYPES, required: false, default: 'PUBLIC' })
  permissionType?: (typeof ENVIRONMENT_PERMISSION_TYPES)[number];
  roles?: string[];
}

export class CreatePlatformGatewayRequestDto {
  @Length(3, 64) @Matches(/^[a-z0-9-]+$/) name!: string;
  @Length(1, 128) displayName!: string;
  @IsOptional() @IsString() @MaxLength(1023) description?: string;
  /** Where its APIs are called, such as `https://mg.example.com:8443`. */
  @ApiProperty({ format: 'uri' }) @IsString() @IsByteLength(0, VHOST_BYTES_MAX) vhost!: string;
  @ApiProperty(ANYTHING) @IsOptional() @IsObject() properties?: Record<string, unknown>;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => EnvironmentPermissionsDto) permissions?: EnvironmentPermissionsDto;
}

/** A whole gateway, as it was read; the name and the address must be as they are, and what only answers carry is ignored. */
export class UpdatePlatformGatewayRequestDto extends CreatePlatformGatewayRequestDto {
  @ApiHideProperty() @Allow() id?: unknown;
  @ApiHideProperty() @Allow() isActive?: unknown;
  @ApiHideProperty() @Allow() createdAt?: unknown;
  @ApiHideProperty() @Allow() updatedAt?: unknown;
}

export class PlatformGatewayResponseDto {
  @ApiProperty({ readOnly: true, required: false }) id!: string;
  @ApiProperty({ required: false }) name!: string;
  @ApiProperty({ required: false }) displayName!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty(ANYTHING) properties?: Readonly<Record<string, unknown>>;
  @ApiProperty({ readOnly: true, format: 'uri', required: false }) vhost!: string;
  @ApiProperty({ readOnly: true, required: false }) isActive!: boolean;
  @ApiProperty({ type: PlatformGatewayPermissionsDto, required: false }) permissions!: PlatformGatewayPermissionsDto;
  @ApiProperty({ type: String, format: 'date-time', readOnly: true, required: false }) createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', readOnly: true, required: false }) updatedAt!: string;
}

export class GatewayResponseWithTokenDto extends PlatformGatewayResponseDto {
  /** With it the gateway connects; it is shown this once. */
  @ApiProperty({ required: false }) registrationToken!: string;
}

export class GatewayListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [PlatformGatewayResponseDto], required: false }) list!: PlatformGatewayResponseDto[];
}
