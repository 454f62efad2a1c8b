import { ApiProperty } from '@nestjs/swagger';
import { PaginationDto } from '../../platform/http/page.js';

export const DEVPORTAL_MODES = ['HYBRID', 'MCP_ONLY', 'API_ONLY'] as const;

export class DevportalSettingsIdentityProviderDto {
  external?: boolean = false;
}

/** What a portal has to know before anybody has signed in. */
export class DevportalSettingsDto {
  grantTypes?: string[];
  /** Every scope a login may ask for. */
  scopes?: string[];
  applicationSharingEnabled?: boolean = false;
  IsLegacyApiKeysEnabled?: boolean = false;
  mapExistingAuthApps?: boolean = false;
  /** Empty without a token. */
  apiGatewayEndpoint?: string;
  monetizationEnabled?: boolean = false;
  recommendationEnabled?: boolean = false;
  IsUnlimitedTierPaid?: boolean = false;
  identityProvider?: DevportalSettingsIdentityProviderDto;
  IsAnonymousModeEnabled?: boolean = true;
  IsPasswordChangeEnabled?: boolean = true;
  IsJWTEnabledForLoginTokens?: boolean = false;
  orgAccessControlEnabled?: boolean;
  userStorePasswordPattern?: string;
  passwordPolicyPattern?: string;
  /** -1: no policy. */
  @ApiProperty({ type: 'integer', required: false }) passwordPolicyMinLength?: number;
  /** -1: no policy. */
  @ApiProperty({ type: 'integer', required: false }) passwordPolicyMaxLength?: number;
  apiChatEnabled?: boolean = true;
  aiAuthTokenProvided?: boolean = false;
  marketplaceAssistantEnabled?: boolean = true;
  orgWideAppUpdateEnabled?: boolean = false;
  devportalMode?: (typeof DEVPORTAL_MODES)[number] = 'HYBRID';
}

export class ApplicationAttributeDto {
  description?: string;
  type?: string;
  tooltip?: string;
  /** `true` or `false`, as text. */
  required?: string;
  attribute?: string;
  /** `true` or `false`, as text. */
  hidden?: string;
}

export class ApplicationAttributeListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: ApplicationAttributeDto[];
}

export class DevportalTenantDto {
  domain?: string;
  /** `active` or `inactive`. */
  status?: string;
}

export class DevportalTenantListDto {
  @ApiProperty({ type: 'integer', required: false }) count?: number;
  list?: DevportalTenantDto[];
  pagination?: PaginationDto;
}

export class DevportalOrganizationInfoDto {
  organizationId?: string;
  name?: string;
}
