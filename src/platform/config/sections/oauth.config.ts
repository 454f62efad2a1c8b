import { IsArray, IsInt, IsString, Matches, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

class TokenValidationConfig {
  @Setting('Life of an application’s access token, in seconds; -1 never ends.')
  @IsInt()
  readonly appAccessTokenValidity: number = 3_600;

  @Setting('Life of a user’s access token, in seconds; -1 never ends.')
  @IsInt()
  readonly userAccessTokenValidity: number = 3_600;

  @Setting('Life of a refresh token: a number of seconds, or a number with `s`, `m`, `h` or `d`.')
  @Matches(/^\d+[smhd]?$/)
  readonly refreshTokenValidity: string = '1d';

  @Setting('Life of an ID token, in seconds; -1 never ends.')
  @IsInt()
  readonly idTokenValidity: number = 3_600;

  @Setting('Life of an authorization code, in seconds.')
  @IsInt()
  @Min(1)
  readonly authorizationCodeValidity: number = 300;
}

class IntrospectConfig {
  @Setting('Whether an administrator of one tenant may introspect tokens of another.')
  readonly allowCrossTenant: boolean = true;
}

class SwitchConfig {
  @Setting('On or off.')
  readonly enable: boolean = true;
}

class OffSwitchConfig {
  @Setting('On or off.')
  readonly enable: boolean = false;
}

class JwtBearerConfig extends SwitchConfig {
  @Setting('Whether a refresh token comes with the access token.')
  readonly allowRefreshTokens: boolean = true;
}

class TokenExchangeConfig extends SwitchConfig {
  @Setting('Whether a refresh token comes with the exchanged one.')
  readonly allowRefreshTokens: boolean = true;

  @Setting('How old a subject token may be: a number of seconds, or a number with `s`, `m`, `h` or `d`.')
  @Matches(/^\d+[smhd]?$/)
  readonly iatValidityPeriod: string = '1h';
}

class GrantTypesConfig {
  @Section(SwitchConfig, 'Authorization code grant.')
  readonly authorizationCode = new SwitchConfig();

  @Section(SwitchConfig, 'Client credentials grant.')
  readonly clientCredentials = new SwitchConfig();

  @Section(SwitchConfig, 'Password grant.')
  readonly password = new SwitchConfig();

  @Section(SwitchConfig, 'Refresh token grant.')
  readonly refreshToken = new SwitchConfig();

  @Section(SwitchConfig, 'Device grant (RFC 8628).')
  readonly deviceCode = new SwitchConfig();

  @Section(JwtBearerConfig, 'JWT bearer grant (RFC 7523).')
  readonly jwtBearer = new JwtBearerConfig();

  @Section(SwitchConfig, 'SAML 2.0 bearer grant (RFC 7522).')
  readonly samlBearer = new SwitchConfig();

  @Section(TokenExchangeConfig, 'Token exchange (RFC 8693).')
  readonly tokenExchange = new TokenExchangeConfig();

  @Section(OffSwitchConfig, 'Implicit grant. Tokens in URLs leak; leave it off unless an old client cannot do without (RFC 9700 §2.1.2).')
  readonly implicit = new OffSwitchConfig();
}

class PkceConfig {
  @Setting(
    'Whether public clients, which have no secret, must use PKCE for authorization codes (RFC 9700 §2.1.1). Switch it off only for an old one that cannot.',
  )
  readonly requiredForPublicClients: boolean = true;
}

class CallbackConfig {
  @Setting('Whether `.`, `?` and `+` before a letter or digit mean themselves in a callback of the form `regexp=…`.')
  readonly enforceLiteralCharacters: boolean = true;
}

class MultipleClientSecretsConfig {
  @Setting('Whether an OAuth client may have several secrets. Switched off, a client has one, and a new one replaces it.')
  readonly enable: boolean = true;

  @Setting('The most secrets a client may have at a time; 0 sets no limit.')
  @IsInt()
  @Min(0)
  readonly secretCount: number = 0;
}

class RevokedTokenHeadersConfig {
  @Setting('Whether the answer of a revocation names the token in headers.')
  readonly enable: boolean = false;
}

class TokenPersistenceConfig {
  @Setting('Whether JWT access tokens and refresh tokens are kept in the database. Opaque ones always are.')
  readonly enable: boolean = false;
}

/** `[oauth]`. */
export class OauthConfig {
  @Section(TokenValidationConfig)
  readonly tokenValidation = new TokenValidationConfig();

  @Section(IntrospectConfig)
  readonly introspect = new IntrospectConfig();

  @Section(GrantTypesConfig, 'Grants the server accepts at all.')
  readonly grantType = new GrantTypesConfig();

  @Section(PkceConfig)
  readonly pkce = new PkceConfig();

  @Section(CallbackConfig)
  readonly callback = new CallbackConfig();

  @Section(MultipleClientSecretsConfig)
  readonly multipleClientSecrets = new MultipleClientSecretsConfig();

  @Section(RevokedTokenHeadersConfig)
  readonly revokedTokenHeadersInResponse = new RevokedTokenHeadersConfig();

  @Section(TokenPersistenceConfig)
  readonly tokenPersistence = new TokenPersistenceConfig();

  @Setting(
    'Whether users are asked before a client acts for them; clients that an administrator registered through client registration do not ask.',
  )
  readonly promptConsent: boolean = true;

  @Setting('Scopes granted without a role, besides `apim.oauth_config.allowed_scopes`: regular expressions over the whole name.')
  @IsArray()
  @IsString({ each: true })
  readonly allowedScopes: readonly string[] = [];

  @Setting('Whether scopes that no API has are granted only where `allowed_scopes` names them; otherwise anybody gets them.')
  readonly restrictUnassignedScopes: boolean = false;

  @Setting('How far clocks may disagree when the times of tokens from elsewhere are checked, in seconds.')
  @IsInt()
  @Min(0)
  readonly timestampSkew: number = 0;
}

/** `[apim.oauth_config]`. */
export class ApimOauthConfig {
  @Setting('Keep the `Authorization` header on the way to the backend.')
  readonly enableOutboundAuthHeader: boolean = false;

  @Setting('Header that carries the access token, unless an API names its own.')
  @IsString()
  readonly authHeader: string = 'Authorization';

  @Setting('Scopes granted without a role: regular expressions over the whole name.')
  @IsArray()
  @IsString({ each: true })
  readonly allowedScopes: readonly string[] = ['^device_.*', 'openid'];

  @Setting('Whether client secrets are kept as hashes only: they are then shown once, and exports of applications do not have them.')
  readonly enableTokenHashing: boolean = false;

  @Setting('Whether all access tokens are opaque, whatever the token type of their application.')
  readonly setJwtAsOpaqueToken: boolean = false;
}
