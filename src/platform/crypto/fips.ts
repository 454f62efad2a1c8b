import { createHash, getFips, setFips } from 'node:crypto';
import { StartError } from '../config/config-error.js';

const NO_PROVIDER =
  'crypto.provider is FIPS, but OpenSSL has no active FIPS provider; install one, name it in the file of OPENSSL_CONF and start with --force-fips (NODE_OPTIONS=--force-fips), or set crypto.provider to default';

const works = (algorithm: string): boolean => {
  try {
    createHash(algorithm).update('').digest();
    return true;
  } catch {
    return false;
  }
};

/** Switches OpenSSL to approved algorithms for the whole process. @throws StartError where it cannot: without the provider nothing approved is left to compute with. */
export const requireFips = (): void => {
  try {
    if (getFips() !== 1) setFips(true);
  } catch (err) {
    throw new StartError(NO_PROVIDER, { cause: err });
  }
  // Asking for it succeeds without a provider too; what then works says whether there is one.
  if (!works('sha256') || works('md5')) throw new StartError(NO_PROVIDER);
};
