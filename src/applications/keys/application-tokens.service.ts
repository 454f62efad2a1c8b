import { Injectable } from '@nestjs/common';
import { Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { OAuthClientsService } from '../../keys/clients/oauth-clients.service.js';
import { type KeyManager, RESIDENT } from '../../keys/managers/key-manager.js';
import { constraintsOf } from '../../keys/managers/setting-constraints.js';
import { type ApplicationToken, PortalTokens } from '../../keys/tokens/portal-tokens.js';
import { TokenRevocation } from '../../keys/tokens/token-revocation.js';
import { Log } from '../../platform/logging/log.js';
import type { ApplicationTokenDto } from './application-keys.dto.js';
import {
  ExchangeElsewhere,
  KeyNotReady,
  SecondsInvalid,
  SecretMissing,
  SubjectTokenMissing,
  TokenRefused,
} from './application-keys.problems.js';
import { ApplicationKeysService } from './application-keys.service.js';
import type { ApplicationKey } from './key-mappings.js';
import { OutsideKeys } from './outside-keys.js';
import { APPLICATION_LIFETIME, type Properties } from './resident-properties.js';
import { checkConstraints } from './setting-constraints.js';
import { UsableKeyManagers } from './usable-key-managers.js';

/** What an outside key manager is asked for where nothing is said. */
const DEFAULT_VALIDITY_SECONDS = 3_600;
/** As the lives that keys may be set to. */
const SECONDS_MAX = 2_147_483_647;
const CLIENT_CREDENTIALS = 'client_credentials';

export interface TokenRequest {
  /** Undefined where it is known here: the owner of the application asks. */
  readonly consumerSecret: string | undefined;
  readonly scopes: readonly string[];
  /** Undefined takes what the client was set to, or the server's own. */
  readonly validitySeconds: number | undefined;
  /** A token of the same client to revoke first. */
  readonly revokeToken: string | undefined;
  readonly grantType: 'CLIENT_CREDENTIALS' | 'TOKEN_EXCHANGE';
  /** `subjectToken` of an exchange, and whatever an outside key manager understands. */
  readonly properties: Properties;
}

/** Reads `validityTime` and `validityPeriod`: seconds, -1 for a token that never ends. @throws SecondsInvalid (400) */
export const validitySeconds = (property: string, value: string | number | null | undefined): number | undefined => {
  if (value === undefined || value === null || value === '') return undefined;
  const seconds = Number(value);
  if (!Number.isSafeInteger(seconds) || (seconds < 1 && seconds !== -1) || seconds > SECONDS_MAX) throw SecondsInvalid(property);
  return seconds;
};

/** Access tokens for trying APIs out in the portal. */
@Injectable()
export class ApplicationTokensService {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly keyManagers: UsableKeyManagers,
    private readonly tokens: PortalTokens,
    private readonly outside: OutsideKeys,
    private readonly clients: OAuthClientsService,
    private readonly revocation: TokenRevocation,
    private readonly log: Log,
  ) {}

  /** The token that comes with new keys; null when the client may not get one by itself, or the key manager gives none: the keys are there all the same. */
  async firstToken(
    caller: User,
    key: ApplicationKey,
    scopes: readonly string[],
    seconds: number | undefined,
  ): Promise<ApplicationTokenDto | null> {
    const { mapping, secrets } = key;
    const secret = secrets.at(-1)?.secret;
    if (mapping.consumerKey === null || !secret || !mapping.settings.grantTypes.includes(CLIENT_CREDENTIALS)) return null;
    try {
      const keyManager = await this.keyManagers.forTokens(caller, mapping.keyManagerOrganization, mapping.keyManager);
      const request = { ...PLAIN_REQUEST, consumerSecret: secret, scopes, validitySeconds: seconds };
      return toDto(await this.ask(keyManager, key, request));
    } catch (err) {
      if (!(err instanceof Problem)) this.log.error({ err, keyMappingId: mapping.id }, 'no token came with the new keys');
      return null;
    }
  }

  /** @throws 400 with the code of the key manager's refusal, such as a wrong secret. */
  async generate(caller: User, applicationId: string, keyMappingId: string, request: TokenRequest): Promise<ApplicationTokenDto> {
    const key = await this.keys.get(caller, applicationId, keyMappingId);
    const keyManager = await this.keyManagers.forTokens(caller, key.mapping.keyManagerOrganization, key.mapping.keyManager);
    const { consumerKey, keyManagerOrganization } = key.mapping;
    if (consumerKey === null) throw KeyNotReady();
    try {
      const token = await this.ask(keyManager, key, request);
      if (request.revokeToken) await this.revoke(keyManagerOrganization, consumerKey, request.revokeToken);
      return toDto(token);
    } catch (err) {
      throw err instanceof Problem ? TokenRefused(err) : err;
    }
  }

  private async ask(keyManager: KeyManager, { mapping, secrets }: ApplicationKey, request: TokenRequest): Promise<ApplicationToken> {
    const { keyManagerOrganization: organization, consumerKey } = mapping;
    const clientId = consumerKey ?? '';
    const { scopes, validitySeconds: seconds, properties } = request;
    if (mapping.keyManager === RESIDENT) {
      const client = { organization, clientId, clientSecret: request.consumerSecret || undefined };
      // Nobody gets more by asking for a single token than the keys may be set to.
      checkConstraints({ [APPLICATION_LIFETIME]: seconds }, constraintsOf(keyManager));
      if (request.grantType !== 'TOKEN_EXCHANGE') return this.tokens.clientCredentials(client, scopes, seconds);
      return this.tokens.exchange(client, subjectTokenOf(properties), scopes);
    }
    // Tokens are exchanged at the resident key manager alone.
    if (request.grantType === 'TOKEN_EXCHANGE') throw ExchangeElsewhere();
    const clientSecret = request.consumerSecret || secrets.at(-1)?.secret;
    if (!clientSecret) throw SecretMissing();
    return this.outside.token(
      keyManager,
      { clientId, clientSecret },
      { scopes, validitySeconds: seconds ?? DEFAULT_VALIDITY_SECONDS, properties },
    );
  }

  /** Ends a token of this client; what is none, or another client's, is left alone, as at the revocation endpoint. */
  private async revoke(organization: string, consumerKey: string, token: string): Promise<void> {
    const client = await this.clients.find(organization, consumerKey);
    if (client) await this.revocation.revoke(client, token);
  }
}

const PLAIN_REQUEST = { revokeToken: undefined, grantType: 'CLIENT_CREDENTIALS', properties: {} } as const;

const toDto = ({ accessToken, scopes, expiresIn }: ApplicationToken): ApplicationTokenDto => ({
  accessToken,
  tokenScopes: [...scopes],
  validityTime: expiresIn,
});

/** The token of an outside issuer that is to be exchanged. @throws SubjectTokenMissing (400) */
const subjectTokenOf = (properties: Properties): string => {
  const token = properties['subjectToken'] ?? properties['subject_token'];
  if (typeof token !== 'string' || token === '') throw SubjectTokenMissing();
  return token;
};
