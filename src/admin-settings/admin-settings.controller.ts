import { Get, Param } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { parseUserName } from '../domain/organization.js';
import { found, NotFound } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { OWN_GATEWAY_TYPE } from '../environments/environment.js';
import { TenantsService } from '../identity/tenants/tenants.service.js';
import { Connectors } from '../keys/connectors/connectors.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';
import { MaybeCaller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import { Anonymous, Scopes } from '../platform/http/scopes.js';
import { ADMIN_SCOPES } from './admin-scopes.js';
import { AdminSettingsDto, TenantInfoDto } from './admin-settings.dto.js';
import { keyManagerConfigurations } from './key-manager-configurations.js';

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
  ) {}

  @Get('settings')
  @ApiTags('Settings')
  @Anonymous()
  @Scopes('apim:admin', 'apim:admin_settings')
  settings(@MaybeCaller() caller: User | undefined): AdminSettingsDto {
    if (!caller) return FOR_ANYBODY;
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
}
