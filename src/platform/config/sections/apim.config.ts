import { IsArray, IsIn, IsInt, IsNumber, IsString, Matches, Max, Min } from 'class-validator';
import { Section, Sections, Setting } from '../setting.js';
import { AiConfig } from './ai.config.js';
import { ApimJwtConfig } from './apim-jwt.config.js';
import { DistributedThrottlingConfig, RedisConfig } from './distributed-throttling.config.js';
import { GatewayNotificationConfig } from './gateway-notification.config.js';
import { ApimOauthConfig } from './oauth.config.js';
import { OpenTelemetryConfig } from './open-telemetry.config.js';
import { ProxyConfig } from './proxy.config.js';
import { SdkConfig } from './sdk.config.js';

const ENVIRONMENT_TYPES = ['hybrid', 'production', 'sandbox'] as const;

/** `[[apim.gateway.environment.virtual_host]]`. */
export class VirtualHostConfig {
  @Setting('HTTP address of APIs on it; empty: its host with this server’s own port.')
  @IsString()
  readonly httpEndpoint: string = '';

  @Setting('HTTPS address of APIs on it; empty: its host with this server’s own port.')
  @IsString()
  readonly httpsEndpoint: string = '';

  @Setting('WebSocket address of APIs on it, `ws://…`; empty: its host with this server’s own port.')
  @IsString()
  readonly wsEndpoint: string = '';

  @Setting('WebSocket address of APIs on it over TLS, `wss://…`; empty: its host with this server’s own port.')
  @IsString()
  readonly wssEndpoint: string = '';
}

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

  @Sections(VirtualHostConfig, 'Virtual hosts. Without one there is the environment’s own address.')
  readonly virtualHost: readonly VirtualHostConfig[] = [];
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

  @Setting('Answer headers that scripts may read; told in answers to preflights.')
  @IsArray()
  @Matches(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, { each: true })
  readonly exposeHeaders: readonly string[] = [];
}

class ThrottlingConfig {
  @Setting('Offer the policy `Unlimited` at every level.')
  readonly enableUnlimitedTier: boolean = true;

  @Setting('At every start, make those of the shipped policies again that a tenant has deleted.')
  readonly enablePolicyRecreationOnStartup: boolean = false;

  @Setting(
    'Whether conditional groups of advanced policies and custom rules may look at request headers; groups that do take no part otherwise.',
  )
  readonly enableHeaderBasedThrottling: boolean = false;

  @Setting('The same for query parameters.')
  readonly enableQueryParamBasedThrottling: boolean = false;

  @Setting('The same for claims of the token for backends, which `apim.jwt.enable` switches on.')
  readonly enableJwtClaimBasedThrottling: boolean = false;
}

class FileSizeLimitConfig {
  @Setting('Largest OpenAPI definition, in MB.')
  @IsNumber()
  @Min(0.1)
  @Max(100)
  readonly oas: number = 10;

  @Setting('Largest WSDL, alone or as an archive, in MB.')
  @IsNumber()
  @Min(0.1)
  @Max(100)
  readonly wsdl: number = 10;
}

/** `[[apim.publisher.custom_properties]]`. */
export class CustomPropertyConfig {
  @Setting('Name of the property.')
  @IsString()
  readonly name: string = '';

  @Setting('Text for people.')
  @IsString()
  readonly description: string = '';

  @Setting('Whether an API must have a value before it is changed or published.')
  readonly required: boolean = false;
}

class PublisherConfig {
  @Setting('Offer the visibilities `PRIVATE` and `OWNER_ONLY` for documents.')
  readonly enableApiDocVisibility: boolean = false;

  @Setting('Types of documents beside the built-in ones.')
  @IsArray()
  @IsString({ each: true })
  readonly supportedDocumentTypes: readonly string[] = [];

  @Setting('Issuer of the test keys that the publisher makes; empty: the tenant’s token issuer.')
  @IsString()
  readonly internalKeyIssuer: string = '';

  @Setting('Claims of a subscriber that publishers are shown, as URIs.')
  @IsArray()
  @IsString({ each: true })
  readonly subscriberClaims: readonly string[] = [
    'http://wso2.org/claims/givenname',
    'http://wso2.org/claims/lastname',
    'http://wso2.org/claims/emailaddress',
    'http://wso2.org/claims/organization',
  ];

  @Setting('Leave the publisher only what the developer portal shows: documents, tags, plans, visibility, life cycle.')
  readonly enablePortalConfigurationOnlyMode: boolean = false;

  @Section(FileSizeLimitConfig, 'Largest definition to import, by kind.')
  readonly importDefinitionFileSizeLimit = new FileSizeLimitConfig();

  @Sections(CustomPropertyConfig, 'Properties that the publisher asks for.')
  readonly customProperties: readonly CustomPropertyConfig[] = [];
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

  @Setting(
    'Show what users comment on APIs in the developer portal, and let them. Off: comments are kept, seen and written in the publisher alone.',
  )
  readonly enableComments: boolean = true;

  @Setting('Show how users rate APIs, and let them. Off: ratings are kept, and every API looks as if nobody had rated it.')
  readonly enableRatings: boolean = true;

  @Setting('Offer API keys of applications beside those of APIs. Keys that exist go on working when this is switched off.')
  readonly enableLegacyApiKeys: boolean = false;
  @Setting(
    'Let applications of one tenant subscribe to the APIs of others that are open to it. Subscriptions that exist stay when this is switched off.',
  )
  readonly enableCrossTenantSubscriptions: boolean = false;

  @Setting('Let applications take over OAuth clients that exist at the resident key manager already.')
  readonly enableKeyProvisioning: boolean = false;

  @Setting('Let owners share applications with the groups they belong to.')
  readonly enableApplicationSharing: boolean = false;

  @Setting('Local claim that holds the groups of a user, separated by commas.')
  @IsString()
  readonly applicationSharingClaim: string = 'http://wso2.org/claims/organization';

  @Setting('Let those with whom an application is shared change it and its keys too. The product has a system property for it.')
  readonly orgWideAppUpdateEnabled: boolean = false;

  @Sections(ApplicationAttributeConfig, 'What applications carry beside their name and description.')
  readonly applicationAttributes: readonly ApplicationAttributeConfig[] = [];
}

class KeyManagerConfig {
  @Setting('APIs may do without subscription plans.')
  readonly allowSubscriptionValidationDisabling: boolean = true;

  @Setting('Leave new tenants, the first among them, without a resident key manager; those that have one keep it.')
  readonly skipCreateResidentKeyManager: boolean = false;

  @Setting(
    'Ask an outside key manager whether a client exists before it is mapped to an application, where the key manager does not say otherwise.',
  )
  readonly enableProvisionedAppValidation: boolean = true;

  @Setting(
    'Let an application list scopes of the APIs it is subscribed to that its own tokens get on request whatever the roles of its owner are.',
  )
  readonly enableApplicationScopesForResidentKm: boolean = false;
}

class BackendOauthConfig {
  @Setting('Send a request once more with a new token when a backend refuses the one it got.')
  readonly enableRetryCallWithNewToken: boolean = true;
}

class MediatorConfig {
  @Section(BackendOauthConfig, 'Endpoint security of the type `OAUTH`.')
  readonly oauth = new BackendOauthConfig();
}

/** `[apim.platform_gateway]`. */
class PlatformGatewayConfig {
  @Setting('Versions of the platform gateway that may be named when one is registered.')
  @IsArray()
  @IsString({ each: true })
  readonly versions: readonly string[] = ['1.0.0'];
}

/** `[apim.notification]`: the mail server for notices. */
export class NotificationConfig {
  @Setting('Sender of the mails.')
  @IsString()
  readonly fromAddress: string = 'gatehouse@localhost';

  @Setting('Name for the mail server.')
  @IsString()
  readonly username: string = '';

  @Setting('Password for the mail server.', { secret: true })
  @IsString()
  readonly password: string = '';

  @Setting('Host of the mail server (SMTP).')
  @IsString()
  readonly hostname: string = 'localhost';

  @Setting('Port of the mail server.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port: number = 3025;

  @Setting('Refuse a mail server that does not encrypt (STARTTLS).')
  readonly enableStartTls: boolean = false;

  @Setting('Sign in to the mail server with `username` and `password`.')
  readonly enableAuthentication: boolean = false;
}

/** `[apim.organization_based_access_control]`. */
class OrganizationAccessConfig {
  @Setting('Show APIs to the members of consumer organizations as `visibleOrganizations` says.')
  readonly enable: boolean = true;

  @Setting('Claim that holds the name of a user’s organization.')
  @IsString()
  readonly organizationNameLocalClaim: string = 'http://wso2.org/claims/organization';

  @Setting('Claim that holds the external id of a user’s organization.')
  @IsString()
  readonly organizationIdLocalClaim: string = 'http://wso2.org/claims/organizationId';
}

/** An address, a slash and the number of bits that count. */
const NETWORK = /^[0-9a-fA-F.:]+\/\d{1,3}$/;

class OutboundConfig {
  @Setting('Longest time for fetching a definition or metadata, in milliseconds.')
  @IsInt()
  @Min(100)
  readonly timeoutMs: number = 15_000;

  @Setting('Networks nothing is fetched from, such as `10.0.0.0/8`. Link-local and cloud metadata addresses are refused always.')
  @IsArray()
  @Matches(NETWORK, { each: true, message: 'networks are written like 10.0.0.0/8 or fd00::/8' })
  readonly refusedNetworks: readonly string[] = [];

  @Setting('Hosts that may be fetched although they are in one of these networks.')
  @IsArray()
  @IsString({ each: true })
  readonly allowedHosts: readonly string[] = [];
}

class GatewayTokenCacheConfig {
  @Setting('Whether what a key manager said of a token is remembered; switched off, it is asked with every request.')
  readonly enable: boolean = true;

  @Setting('For how many seconds it is remembered. Revocations of this installation’s own tokens count at once all the same.')
  @IsInt()
  @Min(1)
  @Max(86_400)
  readonly expiryTime: number = 900;
}

class CacheConfig {
  @Section(GatewayTokenCacheConfig, 'Opaque tokens, and those whose key manager is asked about each, at the gateway.')
  readonly gatewayToken = new GatewayTokenCacheConfig();
}

/** `[apim]`. */
export class ApimConfig {
  @Section(OpenTelemetryConfig, 'Traces; see docs/observability.md.')
  readonly openTelemetry = new OpenTelemetryConfig();

  @Section(GatewayEnvironmentsConfig)
  readonly gateway = new GatewayEnvironmentsConfig();

  @Section(ApimJwtConfig, 'Tokens for backends.')
  readonly jwt = new ApimJwtConfig();

  @Section(CorsConfig, 'Cross-origin rules of the gateway.')
  readonly cors = new CorsConfig();

  @Section(ThrottlingConfig)
  readonly throttling = new ThrottlingConfig();

  @Section(DistributedThrottlingConfig)
  readonly distributedThrottling = new DistributedThrottlingConfig();

  @Section(RedisConfig, 'Where the counters of bursts and backend limits are kept, and what this gateway is called there.')
  readonly redisConfig = new RedisConfig();

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

  @Section(PlatformGatewayConfig, 'Gateways in other networks; see docs/platform-gateways.md.')
  readonly platformGateway = new PlatformGatewayConfig();

  @Section(MediatorConfig)
  readonly mediatorConfig = new MediatorConfig();

  @Section(NotificationConfig, 'Mail to users, where their tenant turned it on.')
  readonly notification = new NotificationConfig();

  @Section(OrganizationAccessConfig)
  readonly organizationBasedAccessControl = new OrganizationAccessConfig();

  @Section(CacheConfig)
  readonly cache = new CacheConfig();

  @Section(OutboundConfig, 'Requests the server itself makes for its users.')
  readonly outbound = new OutboundConfig();

  @Section(ProxyConfig, 'The proxy between the server and what it calls.')
  readonly proxyConfig = new ProxyConfig();

  @Section(AiConfig, 'The AI service behind the design assistant.')
  readonly ai = new AiConfig();

  @Section(SdkConfig, 'Clients of APIs, generated in the developer portal; see docs/client-sdks.md.')
  readonly sdk = new SdkConfig();
}
