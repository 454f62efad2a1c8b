import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Max, MaxLength } from 'class-validator';
import type { KeyType } from '../domain/gateway-documents.js';

export const KEY_TYPES = ['PRODUCTION', 'SANDBOX'] as const;
const NAME_MAX = 255;
/** Some three thousand years: dates beyond have no name. */
const VALIDITY_SECONDS_MAX = 100_000_000_000;

/** A property that is a 64-bit integer in the contracts. */
const Int64 = () => ApiProperty({ type: 'integer', format: 'int64', required: false });

/** What must not be missing is asked for after the resource: who may not see that learns nothing else. */
export class APIKeyGenerateRequestDto {
  @IsOptional() @IsString() @IsNotEmpty() @MaxLength(NAME_MAX) keyName?: string;
  /** Seconds; none, zero and below never end. */
  @Int64() @IsOptional() @IsInt() @Max(VALIDITY_SECONDS_MAX) validityPeriod?: number;
  /** `permittedIP` and `permittedReferer`, comma-separated lists. */
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class APIAPIKeyGenerateRequestDto extends APIKeyGenerateRequestDto {
  @ApiProperty({ required: false, enum: KEY_TYPES }) @IsOptional() @IsIn(KEY_TYPES) keyType?: KeyType;
}

export class APIKeyRenewRequestDto {
  @IsString() keyUUID!: string;
}

export class APIKeyDissociateRequestDto {
  @IsString() keyUUID!: string;
}

export class APIAPIKeyAssociateRequestDto {
  @IsString() keyUUID!: string;
  @IsString() applicationUUID!: string;
}

export class AppAPIKeyAssociateRequestDto {
  @IsString() apiUUID!: string;
  @IsString() keyUUID!: string;
}

/** One of the two. */
export class APIKeyRevokeRequestDto {
  @IsOptional() @IsString() apikey?: string;
  @IsOptional() @IsString() keyUUID?: string;
}

export class APIAPIKeyRevokeRequestDto {
  @IsString() keyUUID!: string;
}

/** The only answer that has the key's value. */
export class IssuedAPIKeyDto {
  keyName?: string;
  apikey?: string;
  /** Seconds; -1 never ends. */
  @Int64() validityPeriod?: number;
}

export class APIKeyAssociationDto {
  keyName?: string;
  apiName?: string;
  applicationName?: string;
}

export class APIKeyInfoDto {
  keyUUID?: string;
  keyName?: string;
  /** Epoch milliseconds. */
  @Int64() issuedOn?: number;
  /** Seconds; -1 never ends. */
  @Int64() validityPeriod?: number;
  /** Epoch milliseconds; left out until the key is used. */
  @Int64() lastUsed?: number;
}

export class APIKeyInfoListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: APIKeyInfoDto[];
}

export class APIAPIKeyInfoDto extends APIKeyInfoDto {
  /** Name of the application it is associated with; left out while there is none. */
  associatedApp?: string;
}

export class APIAPIKeyListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: APIAPIKeyInfoDto[];
}

export class APIKeyAssociationInfoDto extends APIKeyInfoDto {
  apiName?: string;
  apiUUID?: string;
}

export class APIKeyAssociationListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: APIKeyAssociationInfoDto[];
}

export class APIWithKeyInfoDto {
  keyName?: string;
  keyUUID?: string;
  apiName?: string;
  apiUUID?: string;
}

export class SubscribedAPIWithApiKeyListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: APIWithKeyInfoDto[];
}
