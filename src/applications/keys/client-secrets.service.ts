import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { ClientSecret } from '../../keys/clients/oauth-client.js';
import { OAuthClientsService } from '../../keys/clients/oauth-clients.service.js';
import { Transactions } from '../../platform/database/transactions.js';
import { KeyNotReady, PropertiesInvalid } from './application-keys.problems.js';
import { ApplicationKeysService } from './application-keys.service.js';
import type { Properties } from './resident-properties.js';

const DESCRIPTION_LENGTH_MAX = 512;
const SECONDS_MAX = 2_147_483_647;

/** Reads `{description, expiresIn}`; seconds, and 0 or nothing never expires. @throws PropertiesInvalid (400) */
export const secretOptions = (properties: Properties): { readonly description: string; readonly expiresIn: number } => {
  const description = properties['description'] ?? '';
  const expiresIn = Number(properties['expiresIn'] ?? 0);
  if (typeof description !== 'string' || description.length > DESCRIPTION_LENGTH_MAX) throw PropertiesInvalid();
  if (!Number.isInteger(expiresIn) || expiresIn < 0 || expiresIn > SECONDS_MAX) throw PropertiesInvalid();
  return { description, expiresIn };
};

/** The further secrets of an application's OAuth client: old and new ones work side by side while they are exchanged. */
@Injectable()
export class ClientSecretsService {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly clients: OAuthClientsService,
    private readonly transactions: Transactions,
  ) {}

  /** Oldest first. */
  async list(caller: User, applicationId: string, keyMappingId: string): Promise<readonly ClientSecret[]> {
    return (await this.keys.get(caller, applicationId, keyMappingId)).secrets;
  }

  async add(caller: User, applicationId: string, keyMappingId: string, properties: Properties): Promise<ClientSecret> {
    const options = secretOptions(properties);
    const clientId = await this.clientId(caller, applicationId, keyMappingId);
    return this.transactions.run((tx) => this.clients.addSecret(tx, caller.organization, clientId, options));
  }

  /** @throws 404 for a secret the client does not have, 400 for its newest one. */
  async remove(caller: User, applicationId: string, keyMappingId: string, secretId: string): Promise<void> {
    const clientId = await this.clientId(caller, applicationId, keyMappingId);
    await this.transactions.run((tx) => this.clients.removeSecret(tx, caller.organization, clientId, secretId));
  }

  private async clientId(caller: User, applicationId: string, keyMappingId: string): Promise<string> {
    const { consumerKey } = await this.keys.mapping(caller, applicationId, keyMappingId);
    return found(consumerKey, KeyNotReady);
  }
}
