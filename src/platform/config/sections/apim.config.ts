import { IsArray, IsIn, IsInt, IsNumber, IsString, Max, Min } from 'class-validator';
import { Section, Sections, Setting } from '../setting.js';
import { ApimOauthConfig } from './oauth.config.js';

const ENVIRONMENT_TYPES = ['hybrid', 'production', 'sandbox'] as const;

/** `[[apim.gateway.environment]]`. */
export class EnvironmentConfig {
  @Setting('Name; letters, digits, `_` and `-`.')
  @IsString()
  readonly name: string = 'Default';

  @Setting('Which keys it serves: `hybrid` (both), `production` or `sandbox`.')
  @IsIn(ENVIRONMENT_TYPES)
  readonly type: (typeof ENVIRONMENT_TYPES)[number] = 'hybrid';

  @Setting('Gateway type; `Regular` is ours.')
  @IsString()
  readonly gatewayType: string = 'Regular';

  @Setting('Who provides the gateway.')
  @IsString()
  readonly provider: string = 'wso2';

  @Setting('Shown in the consoles of the portals.')
  readonly displayInApiConsole: boolean = true;

  @Setting('Text for people.')
  @IsString()
  readonly description: string = 'This is a hybrid gateway that handles both production and sandbox token traffic.';

  @Setting('HTTP address of APIs; empty: this server’s own port.')
  @IsString()
  readonly httpEndpoint: string = '';

  @Setting('HTTPS address of APIs; empty: this server’s own port.')
  @IsString()
  readonly httpsEndpoint: string = '';
}

class GatewayEnvironmentsConfig {
  @Sections(EnvironmentConfig, 'Gateway environments. Without one there is `Default`.')
  readonly environment: readonly EnvironmentConfig[] = [new EnvironmentConfig()];
}

class CorsConfig {
  @Setting('Answer cross-origin requests for APIs that say nothing themselves.')
  readonly enable: boolean = true;

  @Setting('Origins allowed; `*` allows any.')
  @IsArray()
  @IsString({ each: true })
  readonly allowOrigins: readonly string[] = ['*'];

  @Setting('Methods allowed.')
  @IsArray()
  @IsString({ each: true })
  readonly allowMethods: readonly string[] = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS'];

  @Setting('Request headers allowed.')
  @IsArray()
  @IsString({ each: true })
  readonly allowHeaders: readonly string[] = [
    'authorization',
    'Access-Control-Allow-Origin',
    'Content-Type',
    'SOAPAction',
    'apikey',
    'Internal-Key',
  ];

  @Setting('Whether credentials may be sent.')
  readonly allowCredentials: boolean = false;
}

class ThrottlingConfig {
  @Setting('Offer the policy `Unlimited` at every level.')
  readonly enableUnlimitedTier: boolean = true;
}

class FileSizeLimitConfig {
  @Setting('Largest OpenAPI definition, in MB.')
  @IsNumber()
  @Min(0.1)
  @Max(100)
  readonly oas: number = 10;
}

class PublisherConfig {
  @Setting('Claims of a subscriber that publishers are shown, as URIs.')
  @IsArray()
  @IsString({ each: true })
  readonly subscriberClaims: readonly string[] = [
    'http://wso2.org/claims/givenname',
    'http://wso2.org/claims/lastname',
    'http://wso2.org/claims/emailaddress',
    'http://wso2.org/claims/organization',
  ];

  @Section(FileSizeLimitConfig, 'Largest definition to import, by kind.')
  readonly importDefinitionFileSizeLimit = new FileSizeLimitConfig();
}

/** `[[apim.devportal.application_attributes]]`. */
export class ApplicationAttributeConfig {
  @Setting('Name; the key of the value in an application’s attributes.')
  @IsString()
  readonly name: string = '';

  @Setting('Text for people.')
  @IsString()
  readonly description: string = '';

  @Setting('Whether an application must have a value.')
  readonly required: boolean = false;

  @Setting('Kept out of the portal’s form.')
  readonly hidden: boolean = false;

  @Setting('Kind of input the portal shows.')
  @IsString()
  readonly type: string = '';

  @Setting('Hint at the input.')
  @IsString()
  readonly tooltip: string = '';

  @Setting('Value of an application that gives none.')
  @IsString()
  readonly default: string = '';
}

class DevportalConfig {
  @Setting('Address of the developer portal; empty: this server.')
  @IsString()
  readonly url: string = '';

  @Setting('Let anybody read public APIs without signing in.')
  readonly enableAnonymousMode: boolean = true;

  @Setting('List deprecated APIs too.')
  readonly displayDeprecatedApis: boolean = false;

  @Setting('List every published version of an API; off shows the newest of each name when nothing is searched.')
  readonly displayMultipleVersions: boolean = true;

  @Sections(ApplicationAttributeConfig, 'What applications carry beside their name and description.')
  readonly applicationAttributes: readonly ApplicationAttributeConfig[] = [];
}

class KeyManagerConfig {
  @Setting('APIs may do without subscription plans.')
  readonly allowSubscriptionValidationDisabling: boolean = true;
}

class GatewayNotificationConfig {
  @Setting('Count acknowledgements of deployments.')
  readonly enabled: boolean = true;
}

class OutboundConfig {
  @Setting('Longest time for fetching a definition or metadata, in milliseconds.')
  @IsInt()
  @Min(100)
  readonly timeoutMs: number = 15_000;

  @Setting('Hosts that may be fetched although they are on a refused network.')
  @IsArray()
  @IsString({ each: true })
  readonly allowedHosts: readonly string[] = [];
}

/** `[apim]`. */
export class ApimConfig {
  @Section(GatewayEnvironmentsConfig)
  readonly gateway = new GatewayEnvironmentsConfig();

  @Section(CorsConfig, 'Cross-origin rules of the gateway.')
  readonly cors = new CorsConfig();

  @Section(ThrottlingConfig)
  readonly throttling = new ThrottlingConfig();

  @Section(PublisherConfig)
  readonly publisher = new PublisherConfig();

  @Section(DevportalConfig)
  readonly devportal = new DevportalConfig();

  @Section(KeyManagerConfig)
  readonly keyManager = new KeyManagerConfig();

  @Section(ApimOauthConfig)
  readonly oauthConfig = new ApimOauthConfig();

  @Section(GatewayNotificationConfig)
  readonly gatewayNotification = new GatewayNotificationConfig();

  @Section(OutboundConfig, 'Requests the server itself makes for its users.')
  readonly outbound = new OutboundConfig();
}
