import { Injectable } from '@nestjs/common';
import { gatewayUrls } from '../../apis/portal/gateway-urls.js';
import { UNLIMITED } from '../../domain/throttling.js';
import type { User } from '../../domain/user.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Guests } from '../../identity/tenant-config/guests.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { PASSWORD_PATTERN } from '../../identity/users/user-rules.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { IdentityMgtConfig } from '../../platform/config/sections/identity-mgt.config.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import type { DevportalSettingsDto } from './settings.dto.js';

/** The scopes of the developer portal's API: what its login asks for (`reference/web-clients.md`). */
export const DEVPORTAL_SCOPES: readonly string[] = [
  'openid',
  'apim:subscribe',
  'apim:api_key',
  'apim:app_manage',
  'apim:sub_manage',
  'apim:store_settings',
  'apim:sub_alert_manage',
  'apim:app_import_export',
  'apim:admin',
];

/** What is shown where no environment has an address (`reference/devportal.md` §13). */
const FALLBACK_ENDPOINT = 'http://localhost:8280, https://localhost:8243';
const NO_POLICY = -1;

/** What this installation offers to a portal. */
@Injectable()
export class DevportalSettings {
  constructor(
    private readonly config: ApimConfig,
    private readonly keyManagers: KeyManagersService,
    private readonly environments: EnvironmentsService,
    private readonly policies: ThrottlingPoliciesService,
    private readonly identity: IdentityMgtConfig,
    private readonly tenants: TenantConfigs,
    private readonly guests: Guests,
  ) {}

  /** The settings of a tenant; without a caller those that concern signed-in users stay empty. */
  async of(organization: string, caller: User | undefined): Promise<DevportalSettingsDto> {
    const tenant = await this.tenants.of(organization);
    return {
      grantTypes: caller ? await this.grantTypes(caller.organization) : [],
      scopes: [...DEVPORTAL_SCOPES],
      applicationSharingEnabled: this.config.devportal.enableApplicationSharing,
      IsLegacyApiKeysEnabled: this.config.devportal.enableLegacyApiKeys,
      mapExistingAuthApps: this.config.devportal.enableKeyProvisioning,
      apiGatewayEndpoint: caller ? await this.gatewayEndpoint(caller.organization) : '',
      monetizationEnabled: tenant['EnableMonetization'] === true,
      recommendationEnabled: tenant['EnableRecommendation'] === true,
      IsUnlimitedTierPaid: await this.isUnlimitedPaid(organization),
      identityProvider: { external: false },
      IsAnonymousModeEnabled: await this.guests.areAdmitted(organization),
      IsPasswordChangeEnabled: this.identity.passwordChange.enable,
      IsJWTEnabledForLoginTokens: false,
      orgAccessControlEnabled: this.config.organizationBasedAccessControl.enable,
      userStorePasswordPattern: PASSWORD_PATTERN,
      passwordPolicyPattern: '',
      passwordPolicyMinLength: NO_POLICY,
      passwordPolicyMaxLength: NO_POLICY,
      apiChatEnabled: false,
      aiAuthTokenProvided: false,
      marketplaceAssistantEnabled: false,
      orgWideAppUpdateEnabled: this.config.devportal.orgWideAppUpdateEnabled,
      devportalMode: 'HYBRID',
    };
  }

  private async grantTypes(organization: string): Promise<string[]> {
    const enabled = (await this.keyManagers.list(organization)).filter((keyManager) => keyManager.enabled);
    return [...new Set(enabled.flatMap(({ availableGrantTypes }) => availableGrantTypes))];
  }

  private async gatewayEndpoint(organization: string): Promise<string> {
    const [environment] = await this.environments.list(organization);
    const [vhost] = environment?.vhosts ?? [];
    if (!vhost) return FALLBACK_ENDPOINT;
    const { http, https } = gatewayUrls(vhost, { type: 'HTTP', transports: ['http', 'https'] }, '');
    return [http, https].filter((url) => url !== null).join(', ');
  }

  private async isUnlimitedPaid(organization: string): Promise<boolean> {
    const unlimited = await this.policies.find(organization, 'subscription', UNLIMITED);
    return unlimited?.plan?.billingPlan === 'COMMERCIAL';
  }
}
