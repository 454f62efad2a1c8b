import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';
import { ReadOnly } from '../../platform/http/read-only.js';
import { AdvertiseInfoDto, APIAdditionalPropertiesItemDto } from '../dto/api-parts.dto.js';

/** Only ever answered: nothing here is read from a request. */
export class DevportalAPIOperationsDto {
  id?: string;
  target?: string;
  verb?: string;
}

export class TierMonetizationAttributesDto {
  fixedPrice?: string;
  pricePerRequest?: string;
  currencyType?: string;
  billingCycle?: string;
}

export class APITiersItemDto {
  tierName?: string;
  tierPlan?: string;
  monetizationAttributes?: TierMonetizationAttributesDto;
}

export class DevportalMonetizationInfoDto {
  enabled!: boolean;
}

/** Addresses by transport; null where the API does not answer on it. */
export class EndpointURLsDto {
  @ApiProperty({ type: 'string', required: false, nullable: true }) http!: string | null;
  @ApiProperty({ type: 'string', required: false, nullable: true }) https!: string | null;
  @ApiProperty({ type: 'string', required: false, nullable: true }) ws!: string | null;
  @ApiProperty({ type: 'string', required: false, nullable: true }) wss!: string | null;
}

export class APIEndpointURLsItemDto {
  environmentName?: string;
  environmentDisplayName?: string;
  environmentType?: string;
  @ApiProperty({ type: EndpointURLsDto, required: false }) URLs!: EndpointURLsDto;
  @ApiProperty({ type: EndpointURLsDto, required: false }) defaultVersionURLs!: EndpointURLsDto;
}

export class ScopeInfoDto {
  key?: string;
  name?: string;
  roles?: string[];
  description?: string;
}

/** The publisher's contract limits the lengths of these, the developer portal's does not. */
export class DevportalBusinessInformationDto {
  businessOwner?: string;
  businessOwnerEmail?: string;
  technicalOwner?: string;
  technicalOwnerEmail?: string;
}

export class DevportalAPIDto {
  id?: string;
  name!: string;
  displayName?: string;
  description?: string;
  context!: string;
  version!: string;
  provider!: string;
  apiDefinition?: string;
  @ApiProperty({ type: 'string', required: false, nullable: true }) wsdlUri!: string | null;
  lifeCycleStatus!: string;
  isDefaultVersion?: boolean;
  type?: string;
  transport?: string[];
  operations?: DevportalAPIOperationsDto[];
  authorizationHeader?: string;
  apiKeyHeader?: string;
  securityScheme?: string[];
  tags?: string[];
  tiers?: APITiersItemDto[];
  hasThumbnail?: boolean = false;
  additionalProperties?: APIAdditionalPropertiesItemDto[];
  monetization?: DevportalMonetizationInfoDto;
  endpointURLs?: APIEndpointURLsItemDto[];
  businessInformation?: DevportalBusinessInformationDto;
  environmentList?: string[];
  scopes?: ScopeInfoDto[];
  avgRating?: string;
  @ApiProperty({ type: 'integer', format: 'int64', required: false }) subscriptions!: number;
  advertiseInfo?: AdvertiseInfoDto;
  isSubscriptionAvailable?: boolean;
  initiatedFromGateway?: boolean;
  categories?: string[];
  /** Names of key managers, or `all`; the contract says object, the product sends a list. */
  @ReadOnly({ type: 'object', properties: {}, additionalProperties: true }) keyManagers?: readonly string[];
  createdTime?: string;
  lastUpdatedTime?: string;
  gatewayType?: string;
  gatewayVendor?: string;
  asyncTransportProtocols?: string[];
  egress?: boolean = false;
  @ReadOnly() subtype?: string;
}

export class DevportalAPIInfoDto {
  id?: string;
  name?: string;
  displayName?: string;
  description?: string;
  context?: string;
  version?: string;
  type?: string;
  createdTime?: string;
  provider?: string;
  lifeCycleStatus?: string;
  @ApiProperty({ type: 'string', required: false, nullable: true }) thumbnailUri!: string | null;
  avgRating?: string;
  throttlingPolicies?: string[];
  advertiseInfo?: AdvertiseInfoDto;
  businessInformation?: DevportalBusinessInformationDto;
  isSubscriptionAvailable?: boolean;
  @ApiProperty({ type: 'string', required: false, nullable: true }) monetizationLabel!: string | null;
  gatewayType?: string;
  gatewayVendor?: string;
  additionalProperties?: APIAdditionalPropertiesItemDto[];
  monetizedInfo?: boolean;
  egress?: boolean = false;
  @ReadOnly() subtype?: string;
}

export class DevportalAPIListDto {
  @ApiProperty({ type: 'integer', required: false }) count!: number;
  @ApiProperty({ type: [DevportalAPIInfoDto], required: false }) list!: readonly DevportalAPIInfoDto[];
  @ApiProperty({ type: PaginationDto, required: false }) pagination!: PaginationDto;
}
