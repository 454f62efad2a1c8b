import { Injectable } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { mayDeployTo, OWN_GATEWAY_TYPE } from '../../environments/environment.js';
import { EnvironmentsService } from '../../environments/environments.service.js';
import { Installation } from '../../platform/config/installation.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { ThrottlingPoliciesService } from '../../throttling/throttling-policies.service.js';
import { isConfigured } from '../design-assistant/ai-service.js';
import { ConfiguredStores } from '../external-stores/configured-stores.js';
import { DevportalUrls } from '../portal/devportal-urls.js';
import type { AuditService } from '../security-audit/audit-service.js';
import { AuditServices } from '../security-audit/audit-services.js';
import { GATEWAY_FEATURES } from './gateway-features.js';
import { PUBLISHER_SCOPES } from './publisher-scopes.js';
import type { PublisherSettingsDto, SettingsEnvironmentDto } from './publisher-settings.dto.js';
import { toSettingsEnvironment } from './publisher-settings.mapper.js';

/** What this installation offers to those who publish APIs. */
@Injectable()
export class PublisherSettings {
  constructor(
    private readonly config: ApimConfig,
    private readonly installation: Installation,
    private readonly environments: EnvironmentsService,
    private readonly policies: ThrottlingPoliciesService,
    private readonly audits: AuditServices,
    private readonly stores: ConfiguredStores,
    private readonly portals: DevportalUrls,
  ) {}

  /** Without a caller only what a login page needs; everything else is there and empty. */
  async of(caller: User | undefined): Promise<PublisherSettingsDto> {
    return { ...this.forAnybody(), ...(caller && (await this.forCaller(caller))) };
  }

  private forAnybody(): PublisherSettingsDto {
    return {
      devportalUrl: '',
      environment: [],
      gatewayTypes: [],
      GatewayFeatureCatalog: { gatewayFeatures: {}, apiTypes: {} },
      gatewayFeatureCatalog: { gatewayFeatures: {}, apiTypes: {} },
      scopes: [...PUBLISHER_SCOPES],
      monetizationAttributes: [],
      subscriberContactAttributes: {},
      securityAuditProperties: {},
      externalStoresEnabled: false,
      docVisibilityEnabled: this.config.publisher.enableApiDocVisibility,
      portalConfigurationOnlyModeEnabled: this.config.publisher.enablePortalConfigurationOnlyMode,
      retryCallWithNewOAuthTokenEnabled: true,
      crossTenantSubscriptionEnabled: this.config.devportal.enableCrossTenantSubscriptions,
      defaultAdvancePolicy: '',
      defaultSubscriptionPolicy: '',
      authorizationHeader: '',
      IsJWTEnabledForLoginTokens: false,
      orgAccessControlEnabled: this.config.organizationBasedAccessControl.enable,
      allowSubscriptionValidationDisabling: this.config.keyManager.allowSubscriptionValidationDisabling,
      designAssistantEnabled: this.config.ai.enable,
      aiAuthTokenProvided: isConfigured(this.config.ai),
      isGatewayNotificationEnabled: this.config.gatewayNotification.enabled,
      isMCPSupportEnabled: false,
      customProperties: this.config.publisher.customProperties.map(({ name, description, required }) => ({ name, description, required })),
    };
  }

  private async forCaller(caller: User): Promise<Partial<PublisherSettingsDto>> {
    const { organization } = caller;
    return {
      devportalUrl: await this.portals.of(organization),
      environment: await this.environmentsOf(caller),
      gatewayTypes: [OWN_GATEWAY_TYPE],
      GatewayFeatureCatalog: GATEWAY_FEATURES,
      gatewayFeatureCatalog: GATEWAY_FEATURES,
      defaultAdvancePolicy: await this.policies.defaultName(organization, 'advanced'),
      defaultSubscriptionPolicy: await this.policies.defaultName(organization, 'subscription'),
      authorizationHeader: this.config.oauthConfig.authHeader,
      externalStoresEnabled: (await this.stores.of(organization)).length > 0,
      securityAuditProperties: auditPropertiesOf(await this.audits.of(organization)),
    };
  }

  /** The environments the caller may deploy to. */
  private async environmentsOf(caller: User): Promise<SettingsEnvironmentDto[]> {
    const serverUrl = `${this.installation.managementUrl}/services/`;
    const configured = new Map(this.config.gateway.environment.map(({ name, displayInApiConsole }) => [name, displayInApiConsole]));
    const all = await this.environments.list(caller.organization);
    return all
      .filter((environment) => mayDeployTo(environment, caller))
      .map((environment) => toSettingsEnvironment(environment, { serverUrl, showInApiConsole: configured.get(environment.name) ?? true }));
  }
}

/** Portals offer audits where there is a token; which one it is, is not theirs to know. */
const auditPropertiesOf = (service: AuditService | undefined): Record<string, unknown> =>
  service ? { apiToken: '*****', collectionId: service.collectionId, baseUrl: service.baseUrl } : {};
