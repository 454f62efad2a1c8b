import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { ConnectedKeyManager, KeyManagerConnector } from '../../keys/connectors/connector.js';
import { Connectors } from '../../keys/connectors/connectors.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import { KeyManagersService } from '../../keys/managers/key-managers.service.js';
import { KeyManagerNotRegistered, KeyManagerTypeUnknown } from './application-keys.problems.js';

export interface Connection {
  readonly connector: KeyManagerConnector;
  readonly connected: ConnectedKeyManager;
}

/** How an outside key manager is spoken to. */
@Injectable()
export class KeyManagerConnections {
  constructor(
    private readonly connectors: Connectors,
    private readonly keyManagers: KeyManagersService,
  ) {}

  /** @throws KeyManagerTypeUnknown, KeyManagerNotRegistered (400) */
  async of(keyManager: KeyManager): Promise<Connection> {
    const connector = found(this.connectors.of(keyManager.type), KeyManagerTypeUnknown);
    return { connector, connected: found(await this.keyManagers.connected(keyManager), KeyManagerNotRegistered) };
  }

  /** By the name that keys hold; undefined when the key manager is gone. */
  async named(organization: string, name: string): Promise<Connection | undefined> {
    const keyManager = (await this.keyManagers.list(organization)).find((one) => one.name === name);
    return keyManager && this.of(keyManager);
  }
}
