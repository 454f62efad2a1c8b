import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConsumerOrganizationServicesModule } from '../identity/consumer-organizations/consumer-organization-services.module.js';
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
import { OAuthClientEntity, OAuthClientSecretEntity } from './clients/oauth-client.entity.js';
import { OAuthClientsService } from './clients/oauth-clients.service.js';
import { Connectors } from './connectors/connectors.js';
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
import { PasswordGrant } from './grants/password.grant.js';
import { RefreshTokenGrant } from './grants/refresh-token.grant.js';
import { KeyManagerUrls } from './key-manager-urls.js';
import { IdTokenHints } from './logout/id-token-hints.js';
import { LogoutEndpoint } from './logout/logout.endpoint.js';
import { Logouts } from './logout/logouts.js';
import { KeyManagerEntity } from './managers/key-manager.entity.js';
import { KeyManagersDevportalController } from './managers/key-managers.devportal.controller.js';
import { KeyManagersPublisherController } from './managers/key-managers.publisher.controller.js';
import { KeyManagersService } from './managers/key-managers.service.js';
import { SignInEdge } from './pages/sign-in.edge.js';
import { ClientRegistrationController } from './registration/client-registration.controller.js';
import { ClientRegistrationService } from './registration/client-registration.service.js';
import { Revocations } from './revocations/revocations.service.js';
import { TokenFamilies } from './revocations/token-families.js';
import { LoginSessions } from './sessions/login-sessions.js';
import { JwksDocuments } from './signing/jwks.js';
import { SigningKeyEntity } from './signing/signing-key.entity.js';
import { SigningKeys } from './signing/signing-keys.js';
import { IssuedAccessTokens } from './tokens/access-tokens.service.js';
import { IdTokens } from './tokens/id-tokens.js';
import { LiveTokens } from './tokens/live-tokens.js';
import { OAuthScopeEntity } from './tokens/oauth-scope.entity.js';
import { OAuthScopesService } from './tokens/oauth-scopes.service.js';
import { TokenIssuer } from './tokens/token-issuer.js';

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
const GRANTS = [AuthorizationCodeGrant, PasswordGrant, ClientCredentialsGrant, RefreshTokenGrant, DeviceCodeGrant];
/** The way from an authorization request over the login and consent pages back to the client. */
const SIGN_IN = [LoginSessions, SignIns, Consents, AuthorizationOpening, Authorizations, LoginSteps, ConsentSteps, SignInEdge];
/** Devices without a browser, and the end of sessions. */
const DEVICES = [DeviceCodes, WrongCodes];
const LOGOUT = [IdTokenHints, Logouts];
/** Asking for it puts the grants into the engines. */
const REGISTERED_GRANTS = Symbol('registered grants');

/** The key manager: OAuth clients, tokens, the endpoints under `/oauth2`, and the list of key managers. */
@Global()
@Module({
  imports: [
    ConsumerOrganizationServicesModule,
    TypeOrmModule.forFeature([SigningKeyEntity, OAuthClientEntity, OAuthClientSecretEntity, OAuthScopeEntity, KeyManagerEntity]),
  ],
  controllers: [ClientRegistrationController, KeyManagersPublisherController, KeyManagersDevportalController],
  providers: [
    KeyManagerUrls,
    SigningKeys,
    JwksDocuments,
    Revocations,
    { provide: SubjectRevocations, useExisting: Revocations },
    OAuthClientsService,
    ClientOwners,
    OAuthScopesService,
    EngineRecords,
    Engines,
    UserClaims,
    IdTokens,
    ...SIGN_IN,
    ...DEVICES,
    ...LOGOUT,
    TokenFamilies,
    TokenIssuer,
    LiveTokens,
    { provide: AccessTokens, useClass: IssuedAccessTokens },
    KeyManagersService,
    Connectors,
    ClientRegistrationService,
    ...GRANTS,
    {
      provide: REGISTERED_GRANTS,
      inject: [Engines, ...GRANTS],
      useFactory: (engines: Engines, ...grants: Grant[]) => {
        for (const grant of grants) engines.register(grant);
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
    OAuthClientsService,
    OAuthScopesService,
    TokenIssuer,
    KeyManagersService,
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
  }
}
