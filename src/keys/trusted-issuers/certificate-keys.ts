import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

const BLOCK = /-----BEGIN ([A-Z ]+)-----[^-]+-----END \1-----/g;
const KEYS_MAX = 20;

/** The public keys of certificates as administrators paste them: PEM, PEM in base64, or DER in base64. Empty when there is none. */
export const certificateKeys = (text: string): readonly KeyObject[] => {
  const pem = text.includes('-----BEGIN') ? text : Buffer.from(text, 'base64').toString('utf8');
  const blocks = [...pem.matchAll(BLOCK)].slice(0, KEYS_MAX);
  if (blocks.length === 0) return keyOf(() => new X509Certificate(Buffer.from(text, 'base64')).publicKey);
  return blocks.flatMap(([block, kind]) =>
    keyOf(() => (kind === 'CERTIFICATE' ? new X509Certificate(block).publicKey : createPublicKey(block))),
  );
};

const keyOf = (read: () => KeyObject): readonly KeyObject[] => {
  try {
    return [read()];
  } catch {
    return []; // no certificate: nothing verifies by it
  }
};
