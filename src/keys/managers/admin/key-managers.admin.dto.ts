import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsArray, IsBoolean, IsIn, IsInt, IsObject, IsOptional, IsString, Length, MaxLength, ValidateNested } from 'class-validator';
import { ReadOnly } from '../../../platform/http/read-only.js';
import { CERTIFICATE_TYPES, PERMISSION_TYPES, TOKEN_TYPES, TOKEN_VALIDATIONS } from '../key-manager.js';

export class KeyManagerEndpointDto {
  @IsString() name!: string;
  @IsString() value!: string;
}

export class KeyManagerCertificatesDto {
  @IsOptional() @IsIn(CERTIFICATE_TYPES) type?: (typeof CERTIFICATE_TYPES)[number];
  /** The address of a JWKS document, or a certificate in PEM, plain or in base64. */
  @IsOptional() @IsString() value?: string;
}

export class ClaimMappingEntryDto {
  @IsOptional() @IsString() remoteClaim?: string;
  @IsOptional() @IsString() localClaim?: string;
}

export class TokenValidationDto {
  @ApiProperty({ type: 'integer', required: false }) @IsOptional() @IsInt() id?: number;
  @IsOptional() @IsBoolean() enable?: boolean = true;
  @IsOptional() @IsIn(TOKEN_VALIDATIONS) type?: (typeof TOKEN_VALIDATIONS)[number];
  /** An object in the contract; portals send the plain pattern for `REFERENCE`. */
  @ApiProperty({ type: Object, required: false }) @Allow() value?: unknown;
}

export class KeyManagerPermissionsDto {
  @IsOptional() @IsIn(PERMISSION_TYPES) permissionType?: (typeof PERMISSION_TYPES)[number] = 'PUBLIC';
  @IsOptional() @IsArray() @IsString({ each: true }) roles?: string[];
}

/** The contract's `KeyManager`. */
export class KeyManagerDto {
  @ReadOnly() id?: string;
  @Length(1, 100) name!: string;
  @IsOptional() @IsString() @MaxLength(100) displayName?: string;
  @Length(1, 45) type!: string;
  @IsOptional() @IsString() @MaxLength(256) description?: string;
  @IsOptional() @IsString() wellKnownEndpoint?: string;
  @IsOptional() @IsString() introspectionEndpoint?: string;
  @IsOptional() @IsString() clientRegistrationEndpoint?: string;
  @IsOptional() @IsString() tokenEndpoint?: string;
  @IsOptional() @IsString() displayTokenEndpoint?: string;
  @IsOptional() @IsString() revokeEndpoint?: string;
  @IsOptional() @IsString() displayRevokeEndpoint?: string;
  @IsOptional() @IsString() userInfoEndpoint?: string;
  @IsOptional() @IsString() authorizeEndpoint?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => KeyManagerEndpointDto) endpoints?: KeyManagerEndpointDto[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => KeyManagerCertificatesDto) certificates?: KeyManagerCertificatesDto;
  @IsOptional() @IsString() issuer?: string;
  @IsOptional() @IsString() alias?: string;
  @IsOptional() @IsString() scopeManagementEndpoint?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) availableGrantTypes?: string[];
  @IsOptional() @IsBoolean() enableTokenGeneration?: boolean;
  @IsOptional() @IsBoolean() enableTokenEncryption?: boolean = false;
  @IsOptional() @IsBoolean() enableTokenHashing?: boolean = false;
  @IsOptional() @IsBoolean() enableMapOAuthConsumerApps?: boolean = false;
  @IsOptional() @IsBoolean() enableOAuthAppCreation?: boolean = false;
  @IsOptional() @IsBoolean() enableProvisionedAppValidation?: boolean = true;
  @IsOptional() @IsBoolean() enableSelfValidationJWT?: boolean = true;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => ClaimMappingEntryDto) claimMapping?: ClaimMappingEntryDto[];
  @IsOptional() @IsString() consumerKeyClaim?: string;
  @IsOptional() @IsString() scopesClaim?: string;
  @IsOptional() @IsArray() @ValidateNested({ each: true }) @Type(() => TokenValidationDto) tokenValidation?: TokenValidationDto[];
  @IsOptional() @IsBoolean() enabled?: boolean;
  /** Told by the path; what a request says of it is ignored. */
  @IsOptional() @IsBoolean() global?: boolean;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => KeyManagerPermissionsDto) permissions?: KeyManagerPermissionsDto;
  @IsOptional() @IsIn(TOKEN_TYPES) tokenType?: (typeof TOKEN_TYPES)[number] = 'DIRECT';
  @IsOptional() @IsArray() @IsString({ each: true }) allowedOrganizations?: string[];
}

export class AdminKeyManagerInfoDto {
  @ApiProperty({ required: false }) id!: string;
  name!: string;
  type!: string;
  @ApiProperty({ required: false }) description!: string;
  @ApiProperty({ required: false }) enabled!: boolean;
  @ApiProperty({ required: false }) isGlobal!: boolean;
  @ApiProperty({ required: false }) isUsed!: boolean;
  @ApiProperty({ enum: TOKEN_TYPES, required: false, default: 'DIRECT' }) tokenType!: (typeof TOKEN_TYPES)[number];
}

export class AdminKeyManagerListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [AdminKeyManagerInfoDto], required: false }) list!: AdminKeyManagerInfoDto[];
}

export class KeyManagerDiscoveryDto {
  @IsOptional() @IsString() url?: string;
  @IsOptional() @IsString() type?: string;
}

export class KeyManagerWellKnownResponseDto {
  @ApiProperty({ required: false, default: false }) valid!: boolean;
  @ApiProperty({ type: KeyManagerDto, required: false }) value?: KeyManagerDto;
}

export class ApplicationInfoKeyManagerDto {
  name!: string;
  uuid!: string;
  @ApiProperty({ type: String, required: false, nullable: true }) organizationId!: string | null;
  owner!: string;
  organization!: string;
}

export class KeyManagerAppUsagesDto {
  @ApiProperty({ type: 'integer' }) applicationCount!: number;
  applications!: readonly ApplicationInfoKeyManagerDto[];
}

export class APIInfoKeyManagerDto {
  id!: string;
  @ApiProperty({ required: false }) type!: string;
  name!: string;
  @ApiProperty({ required: false }) transportType!: string;
  @ApiProperty({ type: String, required: false, nullable: true }) description!: string | null;
  @ApiProperty({ required: false }) context!: string;
  version!: string;
  provider!: string;
  @ApiProperty({ required: false }) status!: string;
  @ApiProperty({ type: String, required: false, nullable: true }) thumbnailUri!: string | null;
  @ApiProperty({ required: false }) advertiseOnly!: boolean;
  @ApiProperty({ required: false }) keyManagerEntry!: string;
}

export class KeyManagerAPIUsagesDto {
  @ApiProperty({ type: 'integer' }) apiCount!: number;
  apis!: readonly APIInfoKeyManagerDto[];
}
