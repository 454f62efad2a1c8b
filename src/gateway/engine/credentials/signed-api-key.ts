import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { parseUserName } from '../../../domain/organization.js';
import type { ApiKeySigner } from '../messages.js';
import { ApiKey, KeyOrigins } from './api-key.js';
import { decode } from './jwt.js';

/** The keys that signed API keys of older releases, by their alias. Throws when one is no key. */
export const signersOf = (signers: readonly ApiKeySigner[]): ReadonlyMap<unknown, KeyObject> =>
  new Map(signers.map(({ alias, certificate }) => [alias, createPublicKey(certificate)]));

/**
 * Checks an API key that an older release issued as a JWT (`reference/key-manager.md` §6.1); undefined when it is malformed, of another kind, of another
 * tenant's user, or not signed by one of the signers. Its end and its revocation are the caller's to check: they come with time.
 */
export const verifySignedApiKey = (
  presented: string,
  signers: ReadonlyMap<unknown, KeyObject>,
  organization: string,
): ApiKey | undefined => {
  const [header = '', payload = '', signature = '', ...rest] = presented.split('.');
  if (rest.length > 0) return undefined;
  const jose = decode(header);
  const claims = decode(payload);
  if (jose === undefined || claims === undefined) return undefined;
  if (jose['alg'] !== 'RS256' || jose['crit'] !== undefined || claims['token_type'] !== 'apiKey') return undefined;
  const key = signers.get(jose['kid']);
  if (key === undefined) return undefined;
  if (!verify('RSA-SHA256', Buffer.from(`${header}.${payload}`, 'latin1'), key, Buffer.from(signature, 'base64url'))) return undefined;
  const { name: owner, organization: tenant } = parseUserName(textOf(claims['sub']));
  const origins = originsOf(claims);
  // A restriction that cannot be read must not become none.
  if (origins === undefined || tenant !== organization) return undefined;
  return new ApiKey(organization, {
    keyId: null,
    owner,
    keyType: claims['keytype'] === 'SANDBOX' ? 'SANDBOX' : 'PRODUCTION',
    apiId: null,
    applicationId: applicationOf(claims['application']),
    expiresAt: expiryOf(claims['exp']),
    jti: textOf(claims['jti']),
    origins,
  });
};

const textOf = (claim: unknown): string => (typeof claim === 'string' ? claim : '');

const applicationOf = (claim: unknown): string =>
  typeof claim === 'object' && claim !== null && 'uuid' in claim ? textOf(claim.uuid) : '';

/** Epoch milliseconds; a value that is no number has long passed. */
const expiryOf = (claim: unknown): number => {
  if (claim === undefined) return Number.POSITIVE_INFINITY;
  const seconds = Number(claim);
  return Number.isNaN(seconds) ? 0 : seconds * 1_000;
};

const originsOf = (claims: Readonly<Record<string, unknown>>): KeyOrigins | undefined => {
  const [ips, referers] = [listOf(claims['permittedIP']), listOf(claims['permittedReferer'])];
  if (ips === undefined || referers === undefined) return undefined;
  try {
    return new KeyOrigins({ ips, referers });
  } catch {
    return undefined;
  }
};

/** A comma-separated list; undefined when it is no text. */
const listOf = (claim: unknown): readonly string[] | undefined => {
  if (claim === undefined || claim === null) return [];
  if (typeof claim !== 'string') return undefined;
  return claim
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
};
