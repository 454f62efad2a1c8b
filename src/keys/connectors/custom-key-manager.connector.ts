import { Injectable } from '@nestjs/common';
import { type ConnectedClient, type ConnectedToken, type ConnectorDescriptor, KeyManagerConnector, type TokenFacts } from './connector.js';
import { OutOfBand } from './connector.problems.js';

/**
 * A key manager that nobody speaks to (`reference/key-manager.md` §9.3): clients are made there by hand and mapped by their consumer key, tokens are
 * checked by its keys. Whatever would need a call is 501 901413.
 */
@Injectable()
export class CustomKeyManagerConnector extends KeyManagerConnector {
  override readonly descriptor: ConnectorDescriptor = {
    type: 'CustomKeyManager',
    displayName: 'Custom Key Manager',
    defaultConsumerKeyClaim: 'azp',
    defaultScopesClaim: 'scope',
    isOutOfBand: true,
    configurations: [],
    endpointConfigurations: [],
    applicationConfigurations: [],
  };

  override async createClient(): Promise<ConnectedClient> {
    throw OutOfBand();
  }

  override async updateClient(): Promise<ConnectedClient> {
    throw OutOfBand();
  }

  override mayLookUp(): boolean {
    return false;
  }

  override async client(): Promise<undefined> {
    return undefined;
  }

  override async removeClient(): Promise<void> {
    // Whoever made the client removes it.
  }

  override async newSecret(): Promise<undefined> {
    return undefined;
  }

  override async applicationToken(): Promise<ConnectedToken> {
    throw OutOfBand();
  }

  override async introspect(): Promise<TokenFacts> {
    throw OutOfBand();
  }
}
