import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';

/** Query flags come as words. */
const FLAGS = ['true', 'false'] as const;
type Flag = (typeof FLAGS)[number];

export class ExportApplicationQuery {
  @Matches(/\S/, { message: 'appName must not be blank' }) readonly appName!: string;
  @Matches(/\S/, { message: 'appOwner must not be blank' }) readonly appOwner!: string;
  @IsOptional() @IsIn(FLAGS) readonly withKeys?: Flag;
  @IsOptional() @IsIn(['JSON', 'YAML'] as const) readonly format?: 'JSON' | 'YAML';
}

export class ImportApplicationQuery {
  @IsOptional() @IsIn(FLAGS) readonly preserveOwner?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly skipSubscriptions?: Flag;
  @IsOptional() @IsString() readonly appOwner?: string;
  @IsOptional() @IsIn(FLAGS) readonly skipApplicationKeys?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly update?: Flag;
  @IsOptional() @IsIn(FLAGS) readonly ignoreTier?: Flag;
}

/** Form of an import; the archive comes with the files. */
export class ImportApplicationForm {
  @ApiProperty({ format: 'binary', type: 'string' }) @IsOptional() @Allow() file!: string;
}

/** Bounds of what is read from an archive; nobody's application comes near them. */
const KEYS_MAX = 50;
const SECRETS_MAX = 100;
const SUBSCRIPTIONS_MAX = 2_000;
const GROUPS_MAX = 500;
const GRANTS_MAX = 100;
const TEXT_MAX = 2_048;
const CALLBACK_MAX = 8_192;
const WORD_MAX = 255;

export class ArchivedSecretDto {
  /** In base64. */
  @IsOptional() @IsString() @MaxLength(2 * TEXT_MAX) secretValue?: string;
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ArchivedKeyDto {
  @IsOptional() @IsString() @MaxLength(WORD_MAX) keyManager?: string;
  @IsOptional() @IsString() @MaxLength(TEXT_MAX) consumerKey?: string;
  /** In base64. */
  @IsOptional() @IsString() @MaxLength(2 * TEXT_MAX) consumerSecret?: string;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SECRETS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ArchivedSecretDto)
  consumerSecrets?: ArchivedSecretDto[];
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(GRANTS_MAX)
  @IsString({ each: true })
  @MaxLength(WORD_MAX, { each: true })
  supportedGrantTypes?: string[];
  @IsOptional() @IsString() @MaxLength(CALLBACK_MAX) callbackUrl?: string;
  @IsOptional() @IsString() keyState?: string;
  @IsIn(['PRODUCTION', 'SANDBOX'] as const) keyType!: 'PRODUCTION' | 'SANDBOX';
  @IsOptional() @IsIn(['MAPPED', 'CREATED'] as const) mode?: 'MAPPED' | 'CREATED';
  @IsOptional() @IsObject() additionalProperties?: Record<string, unknown>;
}

export class ArchivedApplicationInfoDto {
  @Length(1, 100) name!: string;
  @MinLength(1) throttlingPolicy!: string;
  @IsOptional() @MaxLength(512) description?: string;
  @IsOptional() @IsString() tokenType?: string;
  @IsOptional() @IsArray() @ArrayMaxSize(GROUPS_MAX) @IsString({ each: true }) groups?: string[];
  @IsOptional() @IsObject() attributes?: Record<string, string>;
  @IsOptional() @IsString() owner?: string;
  @IsOptional() @IsIn(['PRIVATE', 'SHARED_WITH_ORG'] as const) visibility?: 'PRIVATE' | 'SHARED_WITH_ORG';
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(KEYS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ArchivedKeyDto)
  keys?: ArchivedKeyDto[];
}

export class ArchivedApiIdDto {
  @IsOptional() @IsString() @MaxLength(WORD_MAX) providerName?: string;
  @Length(1, WORD_MAX) apiName!: string;
  @Length(1, WORD_MAX) version!: string;
}

export class ArchivedSubscriptionDto {
  @IsObject() @ValidateNested() @Type(() => ArchivedApiIdDto) apiId!: ArchivedApiIdDto;
  @IsOptional() @IsString() @MaxLength(WORD_MAX) throttlingPolicy?: string;
}

/** The data of `application.yaml`. */
export class ArchivedApplicationDto {
  @IsObject() @ValidateNested() @Type(() => ArchivedApplicationInfoDto) applicationInfo!: ArchivedApplicationInfoDto;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(SUBSCRIPTIONS_MAX)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ArchivedSubscriptionDto)
  subscribedAPIs?: ArchivedSubscriptionDto[];
}
