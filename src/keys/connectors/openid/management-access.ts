import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ExpiringCache } from '../../../platform/cache/expiring-cache.js';
import type { OutboundRequest } from '../../../platform/outbound/outbound.js';
import type { ConnectedKeyManager } from '../connector.js';
import { RefusedByKeyManager } from '../connector.problems.js';
import { basicCredentials, type KeyManagerAnswer, KeyManagerHttp, refusalOf } from '../key-manager-http.js';
import { text } from './client-metadata.js';

/** Tokens that live shorter than this are not worth remembering, and none is for longer. */
const REMEMBERED_MS = 30_000;
const TOKENS_MAX = 1_000;

/** Calls that need the credentials of the connection: they register, read and change clients. */
@Injectable()
export class ManagementAccess {
  private readonly tokens = new ExpiringCache<string>(REMEMBERED_MS, TOKENS_MAX);

  constructor(private readonly http: KeyManagerHttp) {}

  /** Whether the connection has credentials that say more than that a client may be registered. */
  isPrivileged({ properties }: ConnectedKeyManager): boolean {
    return properties['registration_authentication'] === 'ClientCredentials' || properties['registration_authentication'] === 'Basic';
  }

  /** Asks with the credentials; once more with a fresh token when the remembered one is refused. @throws as {@link KeyManagerHttp.ask}, and for the token. */
  async ask(keyManager: ConnectedKeyManager, address: string, request: OutboundRequest): Promise<KeyManagerAnswer> {
    const authorized = async (): Promise<KeyManagerAnswer> => {
      const authorization = await this.authorization(keyManager);
      const headers = { ...request.headers, ...(authorization !== '' && { authorization }) };
      return this.http.ask(keyManager, address, { ...request, headers });
    };
    const answer = await authorized();
    if (answer.status !== 401 || keyManager.properties['registration_authentication'] !== 'ClientCredentials') return answer;
    this.tokens.clear();
    return authorized();
  }

  private async authorization(keyManager: ConnectedKeyManager): Promise<string> {
    const { properties } = keyManager;
    switch (properties['registration_authentication']) {
      case 'InitialAccessToken':
        return `Bearer ${text(properties['initial_access_token'])}`;
      case 'Basic': {
        const pair = `${text(properties['management_username'])}:${text(properties['management_password'])}`;
        return `Basic ${Buffer.from(pair).toString('base64')}`;
      }
      case 'ClientCredentials':
        return `Bearer ${await this.tokens.get(fingerprint(keyManager), () => this.token(keyManager))}`;
      default:
        return '';
    }
  }

  private async token(keyManager: ConnectedKeyManager): Promise<string> {
    const { properties, tokenEndpoint } = keyManager;
    const scope = text(properties['management_scope']);
    const answer = await this.http.ask(keyManager, tokenEndpoint, {
      method: 'POST',
      headers: { authorization: basicCredentials(text(properties['management_client_id']), text(properties['management_client_secret'])) },
      form: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== '' && { scope }) }),
    });
    if (answer.status >= 300) throw refusalOf(keyManager, answer);
    const token = text(answer.body['access_token']);
    if (token === '') throw RefusedByKeyManager(`The key manager ${keyManager.name} gave no token for its management`);
    return token;
  }
}

/** Changes with everything that a token depends on. */
const fingerprint = ({ id, tokenEndpoint, properties }: ConnectedKeyManager): string => {
  const parts = [
    id,
    tokenEndpoint,
    properties['management_client_id'],
    properties['management_client_secret'],
    properties['management_scope'],
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
};
