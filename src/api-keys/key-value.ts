import { hash, randomBytes } from 'node:crypto';

const BYTES = 32;

/** A new API key: 43 characters that nobody can guess (`reference/key-manager.md` §6.1). */
export const newKeyValue = (): string => randomBytes(BYTES).toString('base64url');

/** What is kept of an API key. A plain hash does: what it hides cannot be found by trying. */
export const hashOf = (value: string): string => hash('sha256', value, 'base64url');

/** When a key issued now ends; null for one that never does. */
export const expiryOf = (issuedAt: Date, validitySeconds: number): Date | null =>
  validitySeconds > 0 ? new Date(issuedAt.getTime() + validitySeconds * 1_000) : null;
