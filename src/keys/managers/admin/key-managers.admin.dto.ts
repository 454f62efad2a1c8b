import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Length,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { ReadOnly } from '../../../platform/http/read-only.js';
import { CERTIFICATE_TYPES, PERMISSION_TYPES, TOKEN_TYPES, TOKEN_VALIDATIONS } from '../key-manager.js';

const TEXT_MAX = 2_048;
/** A chain of certificates. */
const CERTIFICATE_MAX = 65_536;
const LIST_MAX = 1_000;

export class KeyManagerEndpointDto {
  @IsString() @MaxLength(TEXT_MAX) name!: string;
  @IsString() @MaxLength(TEXT_MAX) value!: string;
}

export class KeyManagerCertificatesDto {
  @IsOptional() @IsIn(CERTIFICATE_TYPES) type?: (typeof CERTIFICATE_TYPES)[number];
  /** The address of a JWKS document, or a certificate in PEM, plain or in base64. */
  @IsOptional() @IsString() @MaxLength(CERTIFICATE_MAX) value?: string;
}

export class ClaimMappingEntryDto {
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) remoteClaim?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) localClaim?: string;
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
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsString({ each: true }) @MaxLength(TEXT_MAX, { each: true }) roles?: string[];
}

/** The contract's `KeyManager`. */
export class KeyManagerDto {
  @ReadOnly() id?: string;
  @Length(1, 100) name!: string;
  @IsOptional() @IsString() @MaxLength(100) displayName?: string;
  @Length(1, 45) type!: string;
  @IsOptional() @IsString() @MaxLength(256) description?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) wellKnownEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) introspectionEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) clientRegistrationEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) tokenEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) displayTokenEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) revokeEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) displayRevokeEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) userInfoEndpoint?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) authorizeEndpoint?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @ValidateNested({ each: true })
  @Type(() => KeyManagerEndpointDto)
  endpoints?: KeyManagerEndpointDto[];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => KeyManagerCertificatesDto) certificates?: KeyManagerCertificatesDto;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) issuer?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) alias?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) scopeManagementEndpoint?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @IsString({ each: true })
  @MaxLength(TEXT_MAX, { each: true })
  availableGrantTypes?: string[];
  @IsOptional() @IsBoolean() enableTokenGeneration?: boolean;
  @IsOptional() @IsBoolean() enableTokenEncryption?: boolean = false;
  @IsOptional() @IsBoolean() enableTokenHashing?: boolean = false;
  @IsOptional() @IsBoolean() enableMapOAuthConsumerApps?: boolean = false;
  @IsOptional() @IsBoolean() enableOAuthAppCreation?: boolean = false;
  /** As the server's configuration says unless given. */
  @ApiProperty({ required: false, default: true }) @IsOptional() @IsBoolean() enableProvisionedAppValidation?: boolean;
  @IsOptional() @IsBoolean() enableSelfValidationJWT?: boolean = true;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @ValidateNested({ each: true })
  @Type(() => ClaimMappingEntryDto)
  claimMapping?: ClaimMappingEntryDto[];
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) consumerKeyClaim?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) scopesClaim?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @ValidateNested({ each: true })
  @Type(() => TokenValidationDto)
  tokenValidation?: TokenValidationDto[];
  @IsOptional() @IsBoolean() enabled?: boolean;
  /** Told by the path; what a request says of it is ignored. */
  @IsOptional() @IsBoolean() global?: boolean;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
  @IsOptional() @IsObject() @ValidateNested() @Type(() => KeyManagerPermissionsDto) permissions?: KeyManagerPermissionsDto;
  @IsOptional() @IsIn(TOKEN_TYPES) tokenType?: (typeof TOKEN_TYPES)[number] = 'DIRECT';
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_MAX)
  @IsString({ each: true })
  @MaxLength(TEXT_MAX, { each: true })
  allowedOrganizations?: string[];
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
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) url?: string;
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
  @ApiProperty({ type: [ApplicationInfoKeyManagerDto] }) applications!: readonly ApplicationInfoKeyManagerDto[];
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
  @ApiProperty({ type: [APIInfoKeyManagerDto] }) apis!: readonly APIInfoKeyManagerDto[];
}
