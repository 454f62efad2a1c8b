import { verify } from 'node:crypto';
import type { KeyType } from '../../../domain/gateway-documents.js';
import { decode } from './jwt.js';
import type { LinkedKeyManager } from './key-manager.js';
import { VerifiedToken } from './tokens.js';

/** A publisher's test key whose signature held. */
export interface InternalKey {
  readonly token: VerifiedToken;
  readonly keyType: KeyType;
  /** Ids of the APIs it opens. */
  readonly apiIds: readonly string[];
}

/**
 * Checks an internal key (`reference/key-manager.md` §6.2) with the keys of the tenant's own key manager; undefined when it is malformed, of another
 * kind, not signed by that key manager or no longer valid.
 */
export const verifyInternalKey = (presented: string, keyManager: LinkedKeyManager, now: number): InternalKey | undefined => {
  const [header = '', payload = '', signature = '', ...rest] = presented.split('.');
  if (rest.length > 0) return undefined;
  const jose = decode(header);
  const claims = decode(payload);
  if (jose === undefined || claims === undefined) return undefined;
  if (jose['alg'] !== 'RS256' || jose['crit'] !== undefined || claims['token_type'] !== 'InternalKey') return undefined;
  const key = keyManager.keys.get(textOf(jose['kid']));
  const expiresAt = Number(claims['exp']) * 1_000;
  // Written so that a value that is no number refuses the key.
  if (key === undefined || !(expiresAt > now)) return undefined;
  if (!verify('RSA-SHA256', Buffer.from(`${header}.${payload}`, 'latin1'), key, Buffer.from(signature, 'base64url'))) return undefined;
  const subject = textOf(claims['sub']);
  const issuedAt = typeof claims['iat'] === 'number' ? claims['iat'] : 0;
  const token = new VerifiedToken(
    presented,
    keyManager,
    '',
    subject,
    textOf(claims['entity_id']) || subject,
    textOf(claims['jti']),
    issuedAt,
    expiresAt,
    [],
    [],
  );
  return { token, keyType: claims['keytype'] === 'SANDBOX' ? 'SANDBOX' : 'PRODUCTION', apiIds: apiIdsOf(claims['subscribedAPIs']) };
};

const textOf = (claim: unknown): string => (typeof claim === 'string' ? claim : '');

const apiIdsOf = (claim: unknown): readonly string[] =>
  Array.isArray(claim)
    ? claim.map((entry: unknown) => (typeof entry === 'object' && entry !== null && 'uuid' in entry ? textOf(entry.uuid) : ''))
    : [];
