import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const CLIENT_ID_BYTES = 21;
const SECRET_BYTES = 33;

/** Letters, digits and `_` only, so that it means the same in a form, a header and a shell. */
const random = (bytes: number): string => randomBytes(bytes).toString('base64url').replaceAll('-', '_');

export const newClientId = (): string => random(CLIENT_ID_BYTES);
export const newClientSecret = (): string => random(SECRET_BYTES);

/** How a secret of ours is kept: it is random and longer than any search, so a fast hash is as good as a slow one. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Whether the stored hash is that of a secret somebody thought of: a slow one. */
export const isSlowHash = (hash: string): boolean => hash.startsWith('$');

const equal = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** The texts a secret may stand for. RFC 6749 form-encodes the credentials in the Basic header and many clients do not: one that holds `%` or `+` is tried both ways. */
export const formsOf = (secret: string): readonly string[] => [...new Set([secret, formDecoded(secret)])];

/** Whether the secret is one of those with a fast hash. */
export const isOneOf = (secret: string, hashes: readonly string[]): boolean => {
  const forms = formsOf(secret).map(hashOf);
  return hashes.some((hash) => forms.some((form) => equal(form, hash)));
};

export const formDecoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text; // not encoded at all
  }
};
