import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

export const PAYLOAD_TYPES = ['REGISTER', 'HEARTBEAT'] as const;
const LIST_MAX = 1_000;
const INT_MAX = 2_147_483_647;

export class GatewayPropertiesDto {
  @IsOptional() @MaxLength(64) ipAddress?: string;
}

export class NotifyGatewayPayloadDto {
  @IsIn(PAYLOAD_TYPES) payloadType!: (typeof PAYLOAD_TYPES)[number];
  @IsOptional() @IsObject() @ValidateNested() @Type(() => GatewayPropertiesDto) gatewayProperties?: GatewayPropertiesDto;
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @MaxLength(255, { each: true }) loadingTenants?: string[];
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @Length(1, 255, { each: true }) environmentLabels?: string[];
  @IsOptional() @MaxLength(255) gatewayId?: string;
  @IsOptional() @IsNumber() timeStamp?: number;
}

export const DEPLOYMENT_STATUSES = ['SUCCESS', 'FAILURE'] as const;
export const DEPLOYMENT_ACTIONS = ['DEPLOY', 'UNDEPLOY'] as const;

export class GatewayDeploymentStatusAcknowledgmentDto {
  @Length(1, 255) gatewayId!: string;
  @Length(1, 255) apiId!: string;
  @Length(1, 255) tenantDomain!: string;
  @IsIn(DEPLOYMENT_STATUSES) deploymentStatus!: (typeof DEPLOYMENT_STATUSES)[number];
  @IsNumber() timeStamp!: number;
  @IsOptional() @IsIn(DEPLOYMENT_ACTIONS) action?: (typeof DEPLOYMENT_ACTIONS)[number];
  @IsOptional() @MaxLength(255) revisionId?: string;
  @IsOptional() @IsInt() errorCode?: number;
  @IsOptional() @MaxLength(8_192) errorMessage?: string;
}

export class GatewayDeploymentStatusAcknowledgmentListDto {
  @IsOptional() @IsInt() count?: number;
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(10_000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => GatewayDeploymentStatusAcknowledgmentDto)
  list?: GatewayDeploymentStatusAcknowledgmentDto[];
}

export class TransactionRecordDto {
  @Length(1, 255) id!: string;
  @IsOptional() @MaxLength(255) serverID?: string;
  @IsOptional() @MaxLength(255) serverType?: string;
  @IsOptional() @MaxLength(255) host?: string;
  @IsInt() @Min(0) @Max(INT_MAX) count!: number;
  @IsString() recordedTime!: string;
}

export class UUIDListDto {
  @IsOptional() @IsArray() @ArrayMaxSize(LIST_MAX) @IsUUID('all', { each: true }) uuids?: string[];
}
