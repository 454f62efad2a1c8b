import { Injectable } from '@nestjs/common';
import type { Application } from '../../domain/application.js';
import type { User } from '../../domain/user.js';
import { ClientSecrets, type SecretValue } from '../../keys/clients/client-secrets.js';
import { type KeyManager, RESIDENT } from '../../keys/managers/key-manager.js';
import type { Tx } from '../../platform/database/transactions.js';
import type { KeyRequest } from './key-requests.js';
import { OutsideKeys } from './outside-keys.js';
import { ResidentKeys } from './resident-keys.js';
import { UsableKeyManagers } from './usable-key-managers.js';

/** A secret as an archive has it. */
export interface ArchivedSecret {
  readonly plain: string;
  readonly description: string;
  readonly expiresAt: Date | null;
}

/** Keys as an archive has them; their secrets oldest first. */
export interface KeysToRestore extends KeyRequest {
  readonly mode: 'CREATED' | 'MAPPED';
  readonly consumerKey: string;
  readonly secrets: readonly ArchivedSecret[];
}

/** The same with what took time or a call over the network: secrets are hashed, the key manager is known. */
export interface PreparedKeys extends Omit<KeysToRestore, 'keyManager' | 'secrets'> {
  readonly keyManager: KeyManager;
  readonly secrets: readonly (Pick<ArchivedSecret, 'description' | 'expiresAt'> & { readonly value: SecretValue })[];
}

/** Gives applications the keys that their archives hold, with the consumer keys and secrets they had. */
@Injectable()
export class RestoredKeys {
  constructor(
    private readonly keyManagers: UsableKeyManagers,
    private readonly resident: ResidentKeys,
    private readonly outside: OutsideKeys,
    private readonly secrets: ClientSecrets,
  ) {}

  /** Before the transaction. @throws KeyManagerNotRegistered, KeyManagerDisabled (400), KeyManagerRestricted (403), ClientNotMappable (400). */
  async prepared(owner: User, keys: readonly KeysToRestore[]): Promise<readonly PreparedKeys[]> {
    const prepared: PreparedKeys[] = [];
    for (const one of keys) {
      const keyManager = await this.keyManagers.named(owner, owner.organization, one.keyManager);
      if (keyManager.name !== RESIDENT) await this.outside.assertMappable(keyManager, one.consumerKey, one.secrets.at(-1)?.plain);
      const live = one.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt.getTime() > Date.now());
      const secrets: PreparedKeys['secrets'][number][] = [];
      for (const { plain, ...rest } of live) secrets.push({ ...rest, value: await this.secrets.chosen(plain) });
      prepared.push({ ...one, keyManager, secrets });
    }
    return prepared;
  }

  /** @throws OtherKeysExist, ConsumerKeyInUse, ClientMappedElsewhere (409), CallbackMissing, PropertiesInvalid, ScopeNotSubscribed (400). */
  restore(tx: Tx, owner: User, application: Application, keys: PreparedKeys): Promise<void> {
    const home = keys.keyManager.name === RESIDENT ? this.resident : this.outside;
    return home.restore(tx, owner, application, keys);
  }
}
