import { IsArray, IsInt, IsString, Matches } from 'class-validator';
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
}

class IntrospectConfig {
  @Setting('Whether an administrator of one tenant may introspect tokens of another.')
  readonly allowCrossTenant: boolean = true;
}

class SwitchConfig {
  @Setting('On or off.')
  readonly enable: boolean = true;
}

class GrantTypesConfig {
  @Section(SwitchConfig, 'Client credentials grant.')
  readonly clientCredentials = new SwitchConfig();

  @Section(SwitchConfig, 'Password grant.')
  readonly password = new SwitchConfig();

  @Section(SwitchConfig, 'Refresh token grant.')
  readonly refreshToken = new SwitchConfig();
}

/** `[oauth]`. */
export class OauthConfig {
  @Section(TokenValidationConfig)
  readonly tokenValidation = new TokenValidationConfig();

  @Section(IntrospectConfig)
  readonly introspect = new IntrospectConfig();

  @Section(GrantTypesConfig, 'Grants the server accepts at all.')
  readonly grantType = new GrantTypesConfig();
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
}
