import { Global, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AccessTokens } from '../platform/auth/access-tokens.js';
import { SubjectRevocations } from '../platform/auth/subject-revocations.js';
import { ClientOwners } from './clients/client-owners.js';
import { OAuthClientEntity, OAuthClientSecretEntity } from './clients/oauth-client.entity.js';
import { OAuthClientsService } from './clients/oauth-clients.service.js';
import { Connectors } from './connectors/connectors.js';
import { DiscoveryEndpoint } from './edge/discovery.endpoint.js';
import type { OAuthEndpoint } from './edge/endpoint.js';
import { IntrospectionEndpoint } from './edge/introspection.endpoint.js';
import { JwksEndpoint } from './edge/jwks.endpoint.js';
import { OAUTH_ENDPOINTS, OAuthEdge } from './edge/oauth-edge.js';
import { RevocationEndpoint } from './edge/revocation.endpoint.js';
import { TokenEndpoint } from './edge/token.endpoint.js';
import { UserinfoEndpoint } from './edge/userinfo.endpoint.js';
import { Engines } from './engine/engines.js';
import type { Grant } from './engine/grant.js';
import { ClientCredentialsGrant } from './grants/client-credentials.grant.js';
import { PasswordGrant } from './grants/password.grant.js';
import { RefreshTokenGrant } from './grants/refresh-token.grant.js';
import { KeyManagerUrls } from './key-manager-urls.js';
import { KeyManagerEntity } from './managers/key-manager.entity.js';
import { KeyManagersDevportalController } from './managers/key-managers.devportal.controller.js';
import { KeyManagersPublisherController } from './managers/key-managers.publisher.controller.js';
import { KeyManagersService } from './managers/key-managers.service.js';
import { ClientRegistrationController } from './registration/client-registration.controller.js';
import { ClientRegistrationService } from './registration/client-registration.service.js';
import { Revocations } from './revocations/revocations.service.js';
import { ConfiguredSigningKey } from './signing/configured-signing-key.js';
import { JwksDocuments } from './signing/jwks.js';
import { SigningKeyEntity } from './signing/signing-key.entity.js';
import { SigningKeys } from './signing/signing-keys.js';
import { IssuedAccessTokens } from './tokens/access-tokens.service.js';
import { LiveTokens } from './tokens/live-tokens.js';
import { OAuthScopeEntity } from './tokens/oauth-scope.entity.js';
import { OAuthScopesService } from './tokens/oauth-scopes.service.js';
import { TokenIssuer } from './tokens/token-issuer.js';

const ENDPOINTS = [TokenEndpoint, RevocationEndpoint, IntrospectionEndpoint, UserinfoEndpoint, JwksEndpoint, DiscoveryEndpoint];
const GRANTS = [PasswordGrant, ClientCredentialsGrant, RefreshTokenGrant];
/** Asking for it puts the grants into the engines. */
const REGISTERED_GRANTS = Symbol('registered grants');

/** The key manager: OAuth clients, tokens, the endpoints under `/oauth2`, and the list of key managers. */
@Global()
@Module({
  imports: [TypeOrmModule.forFeature([SigningKeyEntity, OAuthClientEntity, OAuthClientSecretEntity, OAuthScopeEntity, KeyManagerEntity])],
  controllers: [ClientRegistrationController, KeyManagersPublisherController, KeyManagersDevportalController],
  providers: [
    KeyManagerUrls,
    SigningKeys,
    ConfiguredSigningKey,
    JwksDocuments,
    Revocations,
    { provide: SubjectRevocations, useExisting: Revocations },
    OAuthClientsService,
    ClientOwners,
    OAuthScopesService,
    Engines,
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
    consumer.apply(OAuthEdge).forRoutes('/oauth2/*endpoint', '/t/:tenant/oauth2/*endpoint');
  }
}
