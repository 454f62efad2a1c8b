import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { OutsideKey } from './key-manager.js';

/** More than any key manager has; a document with more is cut. */
const KEYS_MAX = 100;
const KID_LENGTH_MAX = 1_024;
const MODULUS_BITS_MIN = 1024;

/** The RSA signing keys of a JWKS document (RFC 7517 §5); keys of other kinds are passed over. @throws Error when it is no such document. */
export const keysOfJwks = (text: string): readonly OutsideKey[] =>
  membersOf(text)
    .slice(0, KEYS_MAX)
    .flatMap((jwk) => outsideKey(jwk) ?? []);

const membersOf = (text: string): readonly unknown[] => {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('the JWKS document is no JSON');
  }
  const keys = typeof document === 'object' && document !== null && 'keys' in document ? document.keys : undefined;
  if (!Array.isArray(keys)) throw new Error('the JWKS document has no list of keys');
  return keys;
};

const outsideKey = (jwk: unknown): OutsideKey | undefined => {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  const { kty, n, e, kid, use } = jwk as Readonly<Record<string, unknown>>; // every member is looked at before it is used
  if (kty !== 'RSA' || typeof n !== 'string' || typeof e !== 'string' || (use !== undefined && use !== 'sig')) return undefined;
  if (typeof kid === 'string' && !isKid(kid)) return undefined;
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' });
    if ((key.asymmetricKeyDetails?.modulusLength ?? 0) < MODULUS_BITS_MIN) return undefined;
  } catch {
    return undefined;
  }
  return { kty, n, e, ...(typeof kid === 'string' && { kid }) };
};

const isKid = (kid: string): boolean => kid.length <= KID_LENGTH_MAX && !kid.includes('\0') && kid.isWellFormed();

const PEM = /-----BEGIN [A-Z ]+-----/;

/** The key of a certificate, or of a public key, in PEM; portals send it once more in base64. Undefined when it is none, or not RSA. */
export const keyOfPem = (value: string): OutsideKey | undefined => {
  const pem = PEM.test(value) ? value : Buffer.from(value, 'base64').toString('latin1');
  try {
    return exported(/-----BEGIN CERTIFICATE-----/.test(pem) ? new X509Certificate(pem).publicKey : publicKeyOf(pem));
  } catch {
    return undefined;
  }
};

/** Node would derive the public key of a private one, which has no business here. */
const publicKeyOf = (pem: string): KeyObject => {
  if (/PRIVATE KEY-----/.test(pem)) throw new Error('a private key');
  return createPublicKey(pem);
};

const exported = (key: KeyObject): OutsideKey | undefined => {
  const { kty, n, e } = key.export({ format: 'jwk' });
  return kty === 'RSA' && n !== undefined && e !== undefined ? { kty, n, e } : undefined;
};
