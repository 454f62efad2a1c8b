import { Injectable } from '@nestjs/common';
import { Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { OAuthClientsService } from '../../keys/clients/oauth-clients.service.js';
import { TokenIssuer } from '../../keys/tokens/token-issuer.js';
import { TokenRevocation } from '../../keys/tokens/token-revocation.js';
import type { ApplicationTokenDto } from './application-keys.dto.js';
import { KeyManagerIssuesNoTokens, KeyNotReady, SecondsInvalid, TokenRefused } from './application-keys.problems.js';
import { type ApplicationKey, ApplicationKeysService } from './application-keys.service.js';
import { UsableKeyManagers } from './usable-key-managers.js';

const DEFAULT_VALIDITY_SECONDS = 3_600;
const CLIENT_CREDENTIALS = 'client_credentials';

export interface TokenRequest {
  /** Undefined takes the newest secret of the client. */
  readonly consumerSecret: string | undefined;
  readonly scopes: readonly string[];
  readonly validitySeconds: number;
  /** A token of the same client to revoke first. */
  readonly revokeToken: string | undefined;
  readonly grantType: 'CLIENT_CREDENTIALS' | 'TOKEN_EXCHANGE';
}

/** Reads `validityTime` and `validityPeriod`: seconds, 3600 when left out, -1 for a token that never ends. @throws SecondsInvalid (400) */
export const validitySeconds = (property: string, value: string | number | null | undefined): number => {
  if (value === undefined || value === null || value === '') return DEFAULT_VALIDITY_SECONDS;
  const seconds = Number(value);
  if (!Number.isSafeInteger(seconds) || (seconds < 1 && seconds !== -1)) throw SecondsInvalid(property);
  return seconds;
};

/** Access tokens of applications themselves, for trying APIs out in the portal. */
@Injectable()
export class ApplicationTokensService {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly keyManagers: UsableKeyManagers,
    private readonly issuer: TokenIssuer,
    private readonly clients: OAuthClientsService,
    private readonly revocation: TokenRevocation,
  ) {}

  /** The token that comes with new keys; null when the client may not get one by itself. */
  async firstToken(caller: User, key: ApplicationKey, scopes: readonly string[], seconds: number): Promise<ApplicationTokenDto | null> {
    const { mapping, secrets } = key;
    const secret = secrets.at(-1)?.secret;
    if (mapping.consumerKey === null || secret === undefined || !mapping.settings.grantTypes.includes(CLIENT_CREDENTIALS)) return null;
    const { enableTokenGeneration } = await this.keyManagers.named(caller, mapping.keyManager);
    if (!enableTokenGeneration) return null;
    return this.issue(caller, mapping.consumerKey, secret, scopes, seconds);
  }

  /** @throws 400 with the code of the key manager's refusal, such as a wrong secret. */
  async generate(caller: User, applicationId: string, keyMappingId: string, request: TokenRequest): Promise<ApplicationTokenDto> {
    const { mapping, secrets } = await this.keys.get(caller, applicationId, keyMappingId);
    await this.keyManagers.forTokens(caller, mapping.keyManager);
    // The resident key manager has no subject token to exchange here.
    if (request.grantType === 'TOKEN_EXCHANGE') throw KeyManagerIssuesNoTokens();
    const secret = request.consumerSecret || secrets.at(-1)?.secret;
    if (mapping.consumerKey === null || secret === undefined) throw KeyNotReady();
    const token = await this.issue(caller, mapping.consumerKey, secret, request.scopes, request.validitySeconds);
    if (request.revokeToken) await this.revoke(caller.organization, mapping.consumerKey, request.revokeToken);
    return token;
  }

  private async issue(
    { organization }: User,
    consumerKey: string,
    secret: string,
    scopes: readonly string[],
    seconds: number,
  ): Promise<ApplicationTokenDto> {
    try {
      const {
        accessToken,
        scopes: granted,
        expiresIn,
      } = await this.issuer.clientCredentials(organization, consumerKey, secret, scopes, seconds);
      return { accessToken, tokenScopes: [...granted], validityTime: expiresIn };
    } catch (err) {
      throw err instanceof Problem ? TokenRefused(err) : err;
    }
  }

  /** Ends a token of this client; what is none, or another client's, is left alone, as at the revocation endpoint. */
  private async revoke(organization: string, consumerKey: string, token: string): Promise<void> {
    const client = await this.clients.find(organization, consumerKey);
    if (client) await this.revocation.revoke(client, token);
  }
}
