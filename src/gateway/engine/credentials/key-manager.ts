import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import type { KeyManagerDocument } from '../../../domain/gateway-documents.js';

/** A key manager whose signing keys are ready for use. */
export interface LinkedKeyManager {
  readonly organization: string;
  readonly document: KeyManagerDocument;
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** The key for tokens that name none, or for all where it is pinned; null when there are several. */
  readonly onlyKey: KeyObject | null;
  /** False once its document was replaced or deleted: tokens verified with it are then verified anew. */
  isCurrent: boolean;
}

/** Name of the key manager every tenant has (`reference/key-manager.md` §9.1). */
export const RESIDENT_KEY_MANAGER = 'Resident Key Manager';

/** Says that a key manager may have a key which it did not have when its keys were fetched. */
export type KeyWanted = (keyManager: LinkedKeyManager) => void;

/** The key that a token must be signed with, by the id in its header; undefined when there is none, and then it may be asked for. */
export const keyFor = (keyManager: LinkedKeyManager, kid: string | null, wanted: KeyWanted): KeyObject | undefined => {
  const { document, keys, onlyKey } = keyManager;
  if (kid === null || document.isPinned) return onlyKey ?? undefined;
  const key = keys.get(kid);
  // Our own keys come by the feed as soon as there are any.
  if (key === undefined && document.name !== RESIDENT_KEY_MANAGER) wanted(keyManager);
  return key;
};

/** Builds the keys once, so that checking a token does not. Throws when a key is not an RSA JWK. */
export const linkKeyManager = (organization: string, document: KeyManagerDocument): LinkedKeyManager => {
  const keys = new Map<string, KeyObject>();
  let last: KeyObject | null = null;
  for (const jwk of document.jwks) {
    if (jwk['kty'] !== 'RSA') continue;
    // Node checks the members itself and throws on what is no RSA key.
    last = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
    if (typeof jwk['kid'] === 'string') keys.set(jwk['kid'], last);
  }
  return { organization, document, keys, onlyKey: document.jwks.length === 1 ? last : null, isCurrent: true };
};
