import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ClientSecrets } from '../../keys/clients/client-secrets.js';
import type { ClientSecret, NewClientSecret } from '../../keys/clients/oauth-client.js';
import type { SecretForm } from '../../keys/clients/secret-mask.js';
import { RESIDENT } from '../../keys/managers/key-manager.js';
import type { ApplicationKeyEntity } from './application-key.entity.js';
import { KeyNotReady, OneSecretOnly, PropertiesInvalid } from './application-keys.problems.js';
import { ApplicationKeysService } from './application-keys.service.js';
import { OutsideKeys } from './outside-keys.js';
import { ResidentKeys } from './resident-keys.js';
import type { Properties } from './resident-properties.js';
import { UsableKeyManagers } from './usable-key-managers.js';

const DESCRIPTION_LENGTH_MAX = 512;
const SECONDS_MAX = 2_147_483_647;

export interface RegeneratedSecret {
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

/** Reads `{description, expiresIn}`; seconds, and 0 or nothing never expires. @throws PropertiesInvalid (400) */
export const secretOptions = (properties: Properties): { readonly description: string; readonly expiresIn: number } => {
  const description = properties['description'] ?? '';
  const expiresIn = Number(properties['expiresIn'] ?? 0);
  if (typeof description !== 'string' || description.length > DESCRIPTION_LENGTH_MAX) throw PropertiesInvalid();
  if (!Number.isInteger(expiresIn) || expiresIn < 0 || expiresIn > SECONDS_MAX) throw PropertiesInvalid();
  return { description, expiresIn };
};

/** The secrets of an application's OAuth client: where several are allowed, old and new ones work side by side while they are exchanged. */
@Injectable()
export class ClientSecretsService {
  constructor(
    private readonly keys: ApplicationKeysService,
    private readonly keyManagers: UsableKeyManagers,
    private readonly resident: ResidentKeys,
    private readonly outside: OutsideKeys,
    private readonly secrets: ClientSecrets,
  ) {}

  /** How secrets are written in answers that did not make them: plain only where a client has a single one. */
  get readForm(): SecretForm {
    return this.secrets.readForm;
  }

  /** Whether secrets are kept as hashes alone. */
  get hashesOnly(): boolean {
    return this.secrets.hashesOnly;
  }

  /** Oldest first. @throws SeveralSecretsOff (400) */
  async list(caller: User, applicationId: string, keyMappingId: string): Promise<readonly ClientSecret[]> {
    const { secrets } = await this.keys.get(caller, applicationId, keyMappingId);
    this.secrets.assertSeveral();
    return secrets;
  }

  /** @throws SeveralSecretsOff, PropertiesInvalid, TooManySecrets (400), OneSecretOnly (400) at outside key managers */
  async add(caller: User, applicationId: string, keyMappingId: string, properties: Properties): Promise<NewClientSecret> {
    const mapping = await this.residentMapping(caller, applicationId, keyMappingId);
    return this.resident.addSecret(caller, mapping, secretOptions(properties));
  }

  /** @throws 404 for a secret the client does not have, 400 for its newest one. */
  async remove(caller: User, applicationId: string, keyMappingId: string, secretId: string): Promise<void> {
    const mapping = await this.residentMapping(caller, applicationId, keyMappingId);
    await this.resident.removeSecret(caller, mapping, secretId);
  }

  /** A new secret in place of all others. @throws SeveralSecretsOn (400) at the resident key manager, SecretForLife (400) at outside ones */
  async regenerate(caller: User, applicationId: string, keyMappingId: string): Promise<RegeneratedSecret> {
    const mapping = await this.keys.mapping(caller, applicationId, keyMappingId, 'edit');
    const consumerKey = found(mapping.consumerKey, KeyNotReady);
    const { secret } =
      mapping.keyManager === RESIDENT
        ? await this.resident.regenerateSecret(caller, mapping)
        : await this.outside.regenerateSecret(
            caller,
            await this.keyManagers.named(caller, mapping.keyManagerOrganization, mapping.keyManager),
            mapping,
          );
    return { consumerKey, consumerSecret: secret };
  }

  private async residentMapping(caller: User, applicationId: string, keyMappingId: string): Promise<ApplicationKeyEntity> {
    const mapping = await this.keys.mapping(caller, applicationId, keyMappingId, 'edit');
    this.secrets.assertSeveral();
    if (mapping.keyManager !== RESIDENT) throw OneSecretOnly();
    return mapping;
  }
}
