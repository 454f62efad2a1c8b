import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** MD5 as the wire shows it of policies: it tells versions apart and protects nothing. OpenSSL refuses it under FIPS, where it is computed without OpenSSL. */
export const md5Checksum = (text: string): string => {
  try {
    return createHash('md5').update(text).digest('hex');
  } catch {
    const forge: typeof import('node-forge') = createRequire(import.meta.url)('node-forge');
    return forge.md.md5.create().update(text, 'utf8').digest().toHex();
  }
};
