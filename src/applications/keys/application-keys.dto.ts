import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsObject, IsOptional, IsString, MaxLength, ValidateNested } from 'class-validator';
import { ReadOnly } from '../../platform/http/read-only.js';

/** Longer than any key or secret of a key manager. */
const KEY_LENGTH_MAX = 2_048;
/** A client is held in memory for its tokens: what it is made of has an end. */
const CALLBACK_LENGTH_MAX = 8_192;
const GRANTS_MAX = 100;
const SCOPES_MAX = 500;
const WORD_LENGTH_MAX = 255;

/** The path parameter of the operations by key type. */
export const KEY_TYPE = { name: 'keyType', enum: ['PRODUCTION', 'SANDBOX'] };

export class ConsumerSecretDto {
  @IsOptional() @IsString() secretId?: string;
  /** In full only in the answer that creates it, masked afterwards. */
  @IsOptional() @IsString() secretValue?: string;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ConsumerSecretListDto {
  @ApiProperty({ type: 'integer' }) count?: number;
  list?: ConsumerSecretDto[];
}

export class ConsumerSecretCreationRequestDto {
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ConsumerSecretDeletionRequestDto {
  @IsOptional() @IsString() secretId?: string;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ApplicationTokenDto {
  @IsOptional() @IsString() accessToken?: string;
  @IsOptional() @IsArray() @IsString({ each: true }) tokenScopes?: string[];
  /** Seconds. */
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() validityTime?: number;
}

export class ApplicationKeyDto {
  @ReadOnly() keyMappingId?: string;
  @IsOptional() @IsString() keyManager?: string;
  @ReadOnly() consumerKey?: string;
  @ReadOnly() consumerSecret?: string;
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ConsumerSecretDto)
  consumerSecrets?: ConsumerSecretDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(GRANTS_MAX)
  @IsString({ each: true })
  @MaxLength(WORD_LENGTH_MAX, { each: true })
  supportedGrantTypes?: string[];
  @IsOptional() @IsString() @MaxLength(CALLBACK_LENGTH_MAX) callbackUrl?: string;
  @IsOptional() @IsString() keyState?: string;
  @IsOptional() @IsIn(['PRODUCTION', 'SANDBOX'] as const) keyType?: 'PRODUCTION' | 'SANDBOX';
  @IsOptional() @IsIn(['MAPPED', 'CREATED'] as const) mode?: 'MAPPED' | 'CREATED';
  @IsOptional() @IsString() groupId?: string;
  /** Null unless this answer issued a token. */
  @IsOptional() @IsObject() @ValidateNested() @Type(() => ApplicationTokenDto) token?: ApplicationTokenDto | null;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ApplicationKeyListDto {
  @ApiProperty({ type: 'integer' }) count?: number;
  list?: ApplicationKeyDto[];
}

export class ApplicationKeyGenerateRequestDto {
  @IsIn(['PRODUCTION', 'SANDBOX'] as const) keyType!: 'PRODUCTION' | 'SANDBOX';
  /** Name or UUID; the resident one when left out. */
  @IsOptional() @IsString() keyManager?: string;
  @IsArray()
  @ArrayMaxSize(GRANTS_MAX)
  @IsString({ each: true })
  @MaxLength(WORD_LENGTH_MAX, { each: true })
  grantTypesToBeSupported!: string[];
  @IsOptional() @IsString() @MaxLength(CALLBACK_LENGTH_MAX) callbackUrl?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SCOPES_MAX)
  @IsString({ each: true })
  @MaxLength(WORD_LENGTH_MAX, { each: true })
  scopes?: string[];
  /** Seconds, as text. */
  @IsOptional() @IsString() validityTime?: string;
  @ReadOnly() clientId?: string;
  @ReadOnly() clientSecret?: string;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ApplicationKeyMappingRequestDto {
  @IsString() @MaxLength(KEY_LENGTH_MAX) consumerKey!: string;
  @IsOptional() @IsString() @MaxLength(KEY_LENGTH_MAX) consumerSecret?: string;
  /** Name or UUID; the resident one when left out. */
  @IsOptional() @IsString() keyManager?: string;
  @IsIn(['PRODUCTION', 'SANDBOX'] as const) keyType!: 'PRODUCTION' | 'SANDBOX';
}

export class ApplicationKeyReGenerateResponseDto {
  @ApiProperty({ required: false }) consumerKey!: string;
  @ApiProperty({ required: false }) consumerSecret!: string;
}

export class ApplicationTokenGenerateRequestDto {
  @IsOptional() @IsString() consumerSecret?: string;
  /** Seconds. */
  @ApiProperty({ type: 'integer', format: 'int64' }) @IsOptional() @IsInt() validityPeriod?: number;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SCOPES_MAX)
  @IsString({ each: true })
  @MaxLength(WORD_LENGTH_MAX, { each: true })
  scopes?: string[];
  @IsOptional() @IsString() revokeToken?: string;
  @IsOptional()
  @IsIn(['CLIENT_CREDENTIALS', 'TOKEN_EXCHANGE'] as const)
  grantType?: 'CLIENT_CREDENTIALS' | 'TOKEN_EXCHANGE' = 'CLIENT_CREDENTIALS';
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}
