import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConsumerOrganizationServicesModule } from '../identity/consumer-organizations/consumer-organization-services.module.js';
import { SignUpModule } from '../identity/sign-up/sign-up.module.js';
import { AccessTokens } from '../platform/auth/access-tokens.js';
import { SubjectRevocations } from '../platform/auth/subject-revocations.js';
import { AuthorizationOpening } from './authorize/authorization-opening.js';
import { Authorizations } from './authorize/authorizations.js';
import { ConsentSteps } from './authorize/consent-steps.js';
import { Consents } from './authorize/consents.js';
import { LoginSteps } from './authorize/login-steps.js';
import { SignIns } from './authorize/sign-ins.js';
import { CheckSessionEndpoint } from './check-session/check-session.endpoint.js';
import { UserClaims } from './claims/user-claims.service.js';
import { ClientOwners } from './clients/client-owners.js';
import { ClientSecrets } from './clients/client-secrets.js';
import { OAuthClientEntity, OAuthClientSecretEntity } from './clients/oauth-client.entity.js';
import { OAuthClientsService } from './clients/oauth-clients.service.js';
import type { KeyManagerConnector } from './connectors/connector.js';
import { Connectors } from './connectors/connectors.js';
import { CustomKeyManagerConnector } from './connectors/custom-key-manager.connector.js';
import { DeviceAuthorizationEndpoint } from './device/device-authorization.endpoint.js';
import { DeviceCodeGrant } from './device/device-code.grant.js';
import { DeviceCodes } from './device/device-codes.service.js';
import { DevicePageEndpoint } from './device/device-page.endpoint.js';
import { WrongCodes } from './device/wrong-codes.js';
import { AuthorizeEndpoint } from './edge/authorize.endpoint.js';
import { DiscoveryEndpoint } from './edge/discovery.endpoint.js';
import type { OAuthEndpoint } from './edge/endpoint.js';
import { IntrospectionEndpoint } from './edge/introspection.endpoint.js';
import { JwksEndpoint } from './edge/jwks.endpoint.js';
import { OAUTH_ENDPOINTS, OAuthEdge } from './edge/oauth-edge.js';
import { RevocationEndpoint } from './edge/revocation.endpoint.js';
import { TokenEndpoint } from './edge/token.endpoint.js';
import { UserinfoEndpoint } from './edge/userinfo.endpoint.js';
import { EngineRecords } from './engine/engine-records.js';
import { Engines } from './engine/engines.js';
import type { Grant } from './engine/grant.js';
import { AuthorizationCodeGrant } from './grants/authorization-code.grant.js';
import { ClientCredentialsGrant } from './grants/client-credentials.grant.js';
import { Grants } from './grants/grants.js';
import { JwtBearerGrant } from './grants/jwt-bearer.grant.js';
import { PasswordGrant } from './grants/password.grant.js';
import { RefreshTokenGrant } from './grants/refresh-token.grant.js';
import { SamlBearerGrant } from './grants/saml-bearer.grant.js';
import { TokenExchangeGrant } from './grants/token-exchange.grant.js';
import { KeyManagerUrls } from './key-manager-urls.js';
import { IdTokenHints } from './logout/id-token-hints.js';
import { LogoutEndpoint } from './logout/logout.endpoint.js';
import { Logouts } from './logout/logouts.js';
import { KeyManagerEntity } from './managers/key-manager.entity.js';
import { KeyManagerAccess } from './managers/key-manager-access.js';
import { KeyManagersDevportalController } from './managers/key-managers.devportal.controller.js';
import { KeyManagersPublisherController } from './managers/key-managers.publisher.controller.js';
import { KeyManagersService } from './managers/key-managers.service.js';
import { KeyManagerOperationsModule } from './operations/key-manager-operations.module.js';
import { OutsideKeyManagersModule } from './outside-key-managers.module.js';
import { IdentityProviders } from './outside-sign-in/identity-providers.js';
import { OidcAuthenticator } from './outside-sign-in/oidc-authenticator.js';
import { OutsideSignIns } from './outside-sign-in/outside-sign-ins.js';
import { OutsideUsers } from './outside-sign-in/outside-users.service.js';
import { SamlAuthenticator } from './outside-sign-in/saml-authenticator.js';
import { SignInEdge } from './pages/sign-in.edge.js';
import { SignUpEdge } from './pages/sign-up.edge.js';
import { SIGN_UP_PATH } from './pages/sign-up-page.js';
import { ClientRegistrationController } from './registration/client-registration.controller.js';
import { ClientRegistrationService } from './registration/client-registration.service.js';
import { Revocations } from './revocations/revocations.service.js';
import { TokenEventsController } from './revocations/token-events.controller.js';
import { TokenEvents } from './revocations/token-events.service.js';
import { TokenFamilies } from './revocations/token-families.js';
import { LoginSessions } from './sessions/login-sessions.js';
import { ConfiguredSigningKey } from './signing/configured-signing-key.js';
import { JwksDocuments } from './signing/jwks.js';
import { KeyRotation } from './signing/key-rotation.js';
import { SigningKeyEntity } from './signing/signing-key.entity.js';
import { SigningKeys } from './signing/signing-keys.js';
import { IssuedAccessTokens } from './tokens/access-tokens.service.js';
import { ApplicationScopes } from './tokens/application-scopes.js';
import { FrontChannelTokens } from './tokens/front-channel-tokens.js';
import { IdTokens } from './tokens/id-tokens.js';
import { LiveTokens } from './tokens/live-tokens.js';
import { OAuthScopeEntity } from './tokens/oauth-scope.entity.js';
import { OAuthScopesService } from './tokens/oauth-scopes.service.js';
import { OpaqueTokens } from './tokens/opaque-tokens.js';
import { PortalTokens } from './tokens/portal-tokens.js';
import { StoredTokens } from './tokens/stored-tokens.js';
import { TokenIssuer } from './tokens/token-issuer.js';
import { TokenMinter } from './tokens/token-minter.js';
import { TokenRevocation } from './tokens/token-revocation.js';
import { TrustedIssuersModule } from './trusted-issuers.module.js';

const ENDPOINTS = [
  AuthorizeEndpoint,
  TokenEndpoint,
  RevocationEndpoint,
  IntrospectionEndpoint,
  UserinfoEndpoint,
  JwksEndpoint,
  DiscoveryEndpoint,
  DeviceAuthorizationEndpoint,
  DevicePageEndpoint,
  LogoutEndpoint,
  CheckSessionEndpoint,
];
const GRANTS = [
  AuthorizationCodeGrant,
  PasswordGrant,
  ClientCredentialsGrant,
  RefreshTokenGrant,
  JwtBearerGrant,
  SamlBearerGrant,
  TokenExchangeGrant,
  DeviceCodeGrant,
];
/** The way from an authorization request over the login and consent pages back to the client. */
const SIGN_IN = [LoginSessions, SignIns, Consents, AuthorizationOpening, Authorizations, LoginSteps, ConsentSteps, SignInEdge, SignUpEdge];
/** Devices without a browser, and the end of sessions. */
const DEVICES = [DeviceCodes, WrongCodes];
const LOGOUT = [IdTokenHints, Logouts];
/** Signing in at an identity provider outside of this server. */
const OUTSIDE_SIGN_IN = [IdentityProviders, OidcAuthenticator, SamlAuthenticator, OutsideUsers, OutsideSignIns];
/** Asking for it puts the grants where the token endpoint finds them. */
const REGISTERED_GRANTS = Symbol('registered grants');

/** Types of key managers that need no calls; the others register themselves. */
const CONNECTORS = [CustomKeyManagerConnector];
const REGISTERED_CONNECTORS = Symbol('registered connectors');

/** The key manager: OAuth clients, tokens, the endpoints under `/oauth2`, and the list of key managers. */
@Global()
@Module({
  imports: [
    ConsumerOrganizationServicesModule,
    TypeOrmModule.forFeature([SigningKeyEntity, OAuthClientEntity, OAuthClientSecretEntity, OAuthScopeEntity, KeyManagerEntity]),
    OutsideKeyManagersModule,
    KeyManagerOperationsModule,
    TrustedIssuersModule,
    SignUpModule,
  ],
  controllers: [ClientRegistrationController, TokenEventsController, KeyManagersPublisherController, KeyManagersDevportalController],
  providers: [
    KeyManagerUrls,
    SigningKeys,
    ConfiguredSigningKey,
    JwksDocuments,
    KeyRotation,
    Revocations,
    { provide: SubjectRevocations, useExisting: Revocations },
    ClientSecrets,
    OAuthClientsService,
    ClientOwners,
    ApplicationScopes,
    OAuthScopesService,
    EngineRecords,
    Engines,
    OpaqueTokens,
    StoredTokens,
    FrontChannelTokens,
    TokenMinter,
    ...SIGN_IN,
    ...OUTSIDE_SIGN_IN,
    ...DEVICES,
    ...LOGOUT,
    UserClaims,
    IdTokens,
    TokenFamilies,
    TokenEvents,
    TokenIssuer,
    PortalTokens,
    LiveTokens,
    TokenRevocation,
    { provide: AccessTokens, useClass: IssuedAccessTokens },
    KeyManagersService,
    KeyManagerAccess,
    Connectors,
    ...CONNECTORS,
    {
      provide: REGISTERED_CONNECTORS,
      inject: [Connectors, ...CONNECTORS],
      useFactory: (all: Connectors, ...connectors: KeyManagerConnector[]) => {
        for (const connector of connectors) all.register(connector);
        return connectors;
      },
    },
    ClientRegistrationService,
    Grants,
    ...GRANTS,
    {
      provide: REGISTERED_GRANTS,
      inject: [Grants, ...GRANTS],
      useFactory: (registry: Grants, ...grants: Grant[]) => {
        for (const grant of grants) registry.register(grant);
        return grants;
      },
    },
    ...ENDPOINTS,
    { provide: OAUTH_ENDPOINTS, inject: ENDPOINTS, useFactory: (...endpoints: OAuthEndpoint[]) => endpoints },
    OAuthEdge,
  ],
  exports: [
    AccessTokens,
    SubjectRevocations,
    Revocations,
    ClientSecrets,
    OAuthClientsService,
    OAuthScopesService,
    TokenIssuer,
    PortalTokens,
    LiveTokens,
    TokenRevocation,
    KeyManagersService,
    KeyManagerAccess,
    Connectors,
    KeyManagerUrls,
    SigningKeys,
  ],
})
export class KeysModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(OAuthEdge)
      .forRoutes(
        '/oauth2/*endpoint',
        '/t/:tenant/oauth2/*endpoint',
        '/oidc/*endpoint',
        '/t/:tenant/oidc/*endpoint',
        '/.well-known/oauth-authorization-server/*issuer',
        '/.well-known/openid-configuration/*issuer',
      );
    consumer.apply(SignInEdge).forRoutes('/commonauth', '/authenticationendpoint/*page');
    consumer.apply(SignUpEdge).forRoutes(SIGN_UP_PATH);
  }
}
