import { IsArray, IsIn, IsInt, IsPositive, IsString, Matches } from 'class-validator';
import { Section, Setting } from '../setting.js';

/** `[apim.jwt.gateway_generator]`. */
export class GatewayGeneratorConfig {
  @Setting('Add what is stored of the user a token acts for.')
  readonly enableClaimRetrieval: boolean = false;

  @Setting('Claims of the access token, and of the user, that are not passed on.')
  @IsArray()
  @IsString({ each: true })
  readonly excludedClaims: readonly string[] = [];
}

/** `[apim.jwt]`: the token by which a backend knows who calls. */
export class ApimJwtConfig {
  @Setting('Tell backends who calls by a signed token in a header of its own.')
  readonly enable: boolean = false;

  @Setting('Name of that header.')
  @Matches(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/)
  readonly header: string = 'X-JWT-Assertion';

  @Setting('Beginning of the names of its claims.')
  @IsString()
  readonly claimDialect: string = 'http://wso2.org/claims';

  @Setting('How its parts are written: `base64` without padding, or `base64url` as RFC 7515 has it, for libraries that take nothing else.')
  @IsIn(['base64', 'base64url'])
  readonly encoding: 'base64' | 'base64url' = 'base64';

  @Setting('`SHA256withRSA`, or `NONE` for a token that is not signed.')
  @IsIn(['SHA256withRSA', 'NONE'])
  readonly signingAlgorithm: 'SHA256withRSA' | 'NONE' = 'SHA256withRSA';

  @Setting('Name the key in the token (`kid`), as `/jwks` lists it.')
  readonly useKidProperty: boolean = true;

  @Setting('Name the certificate by its SHA-256 hash (`x5t#S256`) rather than by SHA-1 (`x5t`).')
  readonly useSha256Hash: boolean = false;

  @Setting('Sign with the key of the API’s tenant; off, all are signed with that of the first tenant.')
  readonly enableTenantBasedSigning: boolean = false;

  @Setting('Life of a token in seconds.')
  @IsInt()
  @IsPositive()
  readonly expiryTime: number = 900;

  @Setting('Add what is stored of the user a token acts for; the same as `gateway_generator.enable_claim_retrieval`.')
  readonly enableUserClaims: boolean = false;

  @Setting('Whether the gateway answers `/jwks` and `/t/<tenant>/jwks` with the public keys of the tokens it hands to backends.')
  readonly enableJwksApi: boolean = true;

  @Section(GatewayGeneratorConfig)
  readonly gatewayGenerator = new GatewayGeneratorConfig();
}

/** The same, as the gateway's workers get it. */
export const backendJwtSettings = (config: ApimJwtConfig) => ({
  header: config.header,
  claimDialect: config.claimDialect.replace(/\/$/, ''),
  encoding: config.encoding,
  isSigned: config.signingAlgorithm !== 'NONE',
  hasKid: config.useKidProperty,
  thumbprint: config.useSha256Hash ? ('x5t#S256' as const) : ('x5t' as const),
  isTenantKey: config.enableTenantBasedSigning,
  lifeSeconds: config.expiryTime,
  hasUserClaims: config.enableUserClaims || config.gatewayGenerator.enableClaimRetrieval,
  excludedClaims: config.gatewayGenerator.excludedClaims,
});
