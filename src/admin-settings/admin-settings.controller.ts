import { Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseUserName, shownName } from '../domain/organization.js';
import { found, NotFound } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { OWN_GATEWAY_TYPE } from '../environments/environment.js';
import { CustomUrls } from '../identity/tenants/custom-urls.js';
import { TenantsService } from '../identity/tenants/tenants.service.js';
import { Connectors } from '../keys/connectors/connectors.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { Caller, MaybeCaller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { Anonymous, Scopes } from '../platform/http/scopes.js';
import { ADMIN_SCOPES } from './admin-scopes.js';
import { AdminSettingsDto, CustomUrlInfoDto, TenantInfoDto } from './admin-settings.dto.js';
import { keyManagerConfigurations } from './key-manager-configurations.js';

/** Who learns more than anybody does. A token of other sections of the portal is no reason to refuse: its page would log out. */
const SETTINGS_SCOPES = ['apim:admin', 'apim:admin_settings'] as const;

/** What a client without a token learns: the scopes to ask for at sign-in (`reference/web-clients.md`). */
const FOR_ANYBODY: AdminSettingsDto = {
  scopes: [...ADMIN_SCOPES],
  gatewayTypes: [],
  IsJWTEnabledForLoginTokens: false,
  orgAccessControlEnabled: false,
  keyManagerConfiguration: [],
  gatewayConfiguration: [],
  analyticsEnabled: false,
  transactionCounterEnable: false,
  isGatewayNotificationEnabled: false,
  platformGatewayVersions: [],
  consumptionExportEnabled: false,
};

const GATEWAYS: AdminSettingsDto['gatewayConfiguration'] = [
  {
    type: OWN_GATEWAY_TYPE,
    displayName: OWN_GATEWAY_TYPE,
    supportedModes: ['WRITE_ONLY'],
    configurations: [],
    defaultHostnameTemplate: '',
  },
];

@AdminController('')
export class AdminSettingsController {
  constructor(
    private readonly config: ApimConfig,
    private readonly tenants: TenantsService,
    private readonly connectors: Connectors,
    private readonly customUrls: CustomUrls,
  ) {}

  @Get('settings')
  @ApiTags('Settings')
  @Anonymous()
  @Scopes(...SETTINGS_SCOPES)
  settings(@MaybeCaller() caller: User | undefined): AdminSettingsDto {
    if (!SETTINGS_SCOPES.some((scope) => caller?.scopes.has(scope))) return FOR_ANYBODY;
    return {
      ...FOR_ANYBODY,
      gatewayTypes: [OWN_GATEWAY_TYPE],
      keyManagerConfiguration: keyManagerConfigurations(this.connectors.all()),
      gatewayConfiguration: GATEWAYS,
      orgAccessControlEnabled: this.config.organizationBasedAccessControl.enable,
      platformGatewayVersions: [...this.config.platformGateway.versions],
      transactionCounterEnable: true,
      consumptionExportEnabled: true,
      isGatewayNotificationEnabled: this.config.gatewayNotification.enabled,
    };
  }

  @Get('tenant-info/:username')
  @ApiTags('Tenants')
  @Scopes('apim:admin', 'apim:tenantInfo')
  @ApiOperation({ operationId: 'getTenantInfoByUsername' })
  async tenantInfo(@Param('username') username: string): Promise<TenantInfoDto> {
    const { organization } = parseUserName(username);
    const { tenantId } = found(await this.tenants.byDomain(organization), NotFound('Tenant'), organization);
    return { username, tenantDomain: organization, tenantId };
  }

  /** Where a tenant's own developer portal is. A tenant is told of itself alone; the super tenant's administrators, of every one. */
  @Get('custom-urls/:tenantDomain')
  @ApiTags('Tenants')
  @Scopes('apim:admin', 'apim:tenantInfo')
  @ApiOperation({ operationId: 'getCustomUrlInfoByTenantDomain' })
  async customUrlInfo(@Caller() caller: User, @Param('tenantDomain') domain: string): Promise<CustomUrlInfoDto> {
    const { devPortal, owner } = await this.customUrls.of(caller, domain);
    return {
      tenantDomain: domain,
      tenantAdminUsername: owner === undefined ? '' : shownName({ name: owner, organization: domain }),
      enabled: devPortal !== undefined,
      devPortal: { url: devPortal ?? '' },
    };
  }
}
