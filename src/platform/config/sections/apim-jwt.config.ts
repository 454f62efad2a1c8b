import { Setting } from '../setting.js';

/** `[apim.jwt]`. */
export class ApimJwtConfig {
  @Setting('Whether the gateway answers `/jwks` and `/t/<tenant>/jwks` with the public keys of the tokens it hands to backends.')
  readonly enableJwksApi: boolean = true;
}
