import type { KeyType } from '../../domain/gateway-documents.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import type { Properties } from './resident-properties.js';

/** Where keys are made. */
export interface KeyHome {
  readonly keyManager: KeyManager;
  /** The tenant for whose APIs they are; the key manager is its own, or a global one. */
  readonly tenant: string;
}

export interface KeyRequest {
  readonly keyType: KeyType;
  /** Name or id; the resident one unless given. */
  readonly keyManager: string | undefined;
  readonly grantTypes: readonly string[];
  readonly callbackUrl: string;
  readonly properties: Properties;
}

/** What a change of keys names; the rest stays. */
export type KeyChange = Partial<Pick<KeyRequest, 'grantTypes' | 'callbackUrl' | 'properties'>>;

/** A client that exists already and is to act for an application. */
export interface MappingRequest {
  readonly consumerKey: string;
  readonly consumerSecret: string | undefined;
  readonly keyManager: string | undefined;
  readonly keyType: KeyType;
}
