import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StartError } from '../config/config-error.js';
import type { CryptoConfig } from '../config/sections/crypto.config.js';
import type { KeyStoreConfig } from '../config/sections/keystore.config.js';
import type { TlsFiles } from './certificate.js';

/** First bytes of the key stores that only Java reads: JKS and JCEKS. */
const JAVA_ONLY = ['feedfeed', 'cececece'];
/** The key store that the product ships, the same for everybody: a file of its users names it, and nobody's secret is in it. */
const SHIPPED = /(^|[/\\])wso2carbon\.(jks|p12)$/;
const CERTIFICATES = /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/gs;
const PRIVATE_KEY = /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----.*?-----END (?:[A-Z]+ )?PRIVATE KEY-----/s;

/** Whether the section names a key store of the operator's. */
export const isConfigured = ({ fileName }: KeyStoreConfig): boolean =>
  fileName !== '' && !(SHIPPED.test(fileName) && (!existsSync(resolve(fileName)) || isJavaOnly(readFileSync(resolve(fileName)))));

/**
 * The certificate and key of a section of `[keystore]`.
 * @throws StartError naming the key of the configuration and what to do.
 */
export const readKeyStore = async (section: string, store: KeyStoreConfig, { provider }: CryptoConfig): Promise<TlsFiles> => {
  const file = resolve(store.fileName);
  const refuse = (why: string, cause?: unknown): never => {
    throw new StartError(`${section}.file_name: ${file} ${why}`, { cause });
  };
  const bytes = contentOf(file, refuse);
  if (isJavaOnly(bytes))
    refuse(
      `is a Java key store, which is not read; convert it with: keytool -importkeystore -srckeystore ${store.fileName} -destkeystore ${store.fileName.replace(/\.jks$/i, '')}.p12 -deststoretype PKCS12`,
    );
  const pair = bytes.includes('-----BEGIN')
    ? fromPem(bytes.toString('utf8'), store, refuse)
    : await fromPkcs12(bytes, store, section, provider, refuse);
  if (!new X509Certificate(pair.certificate).checkPrivateKey(createPrivateKey(pair.key)))
    refuse('holds a certificate and a key that do not belong together');
  return pair;
};

type Refuse = (why: string, cause?: unknown) => never;

const isJavaOnly = (bytes: Buffer): boolean => JAVA_ONLY.includes(bytes.subarray(0, 4).toString('hex'));

const contentOf = (file: string, refuse: Refuse): Buffer => {
  try {
    return readFileSync(file);
  } catch (err) {
    return refuse(`cannot be read: ${(err as Error).message}`, err); // the file system throws errors
  }
};

const fromPem = (text: string, { password, keyPassword }: KeyStoreConfig, refuse: Refuse): TlsFiles => {
  const certificates = text.match(CERTIFICATES);
  const [key] = PRIVATE_KEY.exec(text) ?? [];
  if (!certificates || !key) return refuse('must hold a certificate and its private key, both as PEM');
  try {
    const opened = createPrivateKey({ key, passphrase: keyPassword || password });
    return { certificate: `${certificates.join('\n')}\n`, key: opened.export({ type: 'pkcs8', format: 'pem' }).toString() };
  } catch (err) {
    return refuse('holds a private key that cannot be opened; is the password right?', err);
  }
};

const fromPkcs12 = async (
  bytes: Buffer,
  { password, alias }: KeyStoreConfig,
  section: string,
  provider: CryptoConfig['provider'],
  refuse: Refuse,
): Promise<TlsFiles> => {
  if (provider === 'FIPS') return refuse('is no PEM file; with crypto.provider FIPS certificates and keys are read as PEM alone');
  const { NoSuchKey, readPkcs12 } = await import('./pkcs12.js'); // heavy, and seldom needed
  try {
    return readPkcs12(bytes, password, alias);
  } catch (err) {
    if (err instanceof NoSuchKey) return refuse(`cannot be used: ${err.message} (${section}.alias)`, err);
    return refuse(`cannot be opened as PKCS#12; is ${section}.password right?`, err);
  }
};
