import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional, IsString } from 'class-validator';
import { DevportalAPIInfoDto } from '../apis/portal/portal-apis.dto.js';
import { DevportalApplicationInfoDto } from '../applications/applications.dto.js';
import { SUBSCRIPTION_STATES } from '../domain/gateway-documents.js';
import { PaginationDto } from '../platform/http/page.js';
import { ReadOnly } from '../platform/http/read-only.js';

export class DevportalSubscriptionDto {
  @ReadOnly() subscriptionId?: string;
  @IsString() applicationId!: string;
  @IsOptional() @IsString() apiId?: string;
  /** What a request says here is ignored: portals send whole objects back. */
  @ApiProperty({ type: DevportalAPIInfoDto, required: false }) @IsOptional() @IsObject() apiInfo?: DevportalAPIInfoDto;
  /** Ignored in requests, too. */
  @ApiProperty({ type: DevportalApplicationInfoDto, required: false })
  @IsOptional()
  @IsObject()
  applicationInfo?: DevportalApplicationInfoDto;
  @IsString() throttlingPolicy!: string;
  @IsOptional() @IsString() requestedThrottlingPolicy?: string;
  @IsOptional() @IsIn(SUBSCRIPTION_STATES) status?: (typeof SUBSCRIPTION_STATES)[number];
  @ReadOnly({ type: 'string', nullable: true }) redirectionParams?: string | null;
}

export class DevportalSubscriptionListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: DevportalSubscriptionDto[];
  pagination?: PaginationDto;
}

/** What federated gateways add to a subscription. There is none yet that adds anything, so no environment is ever listed. */
export class SolaceTopicsDto {
  publishTopics?: string[];
  subscribeTopics?: string[];
}

export class SolaceTopicsObjectDto {
  defaultSyntax?: SolaceTopicsDto;
  mqttSyntax?: SolaceTopicsDto;
}

export class SolaceURLDto {
  protocol?: string;
  endpointURL?: string;
}

/** Where a Solace broker serves an API; there is none here, so no list has one. */
export class SolaceDeployedEnvironmentDto {
  environmentName?: string;
  environmentDisplayName?: string;
  organizationName?: string;
  solaceURLs?: SolaceURLDto[];
  SolaceTopicsObject?: SolaceTopicsObjectDto;
}

export class AdditionalSubscriptionInfoDto {
  @ReadOnly() subscriptionId?: string;
  applicationId?: string;
  applicationName?: string;
  apiId?: string;
  isSolaceAPI?: boolean;
  solaceOrganization?: string;
  solaceDeployedEnvironments?: SolaceDeployedEnvironmentDto[];
}

export class AdditionalSubscriptionInfoListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: AdditionalSubscriptionInfoDto[];
  pagination?: PaginationDto;
}
