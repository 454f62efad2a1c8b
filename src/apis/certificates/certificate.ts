import { X509Certificate } from 'node:crypto';
import { CertificateExpired, UnreadableCertificate } from './certificates.problems.js';

/** Largest upload of a certificate with its chain. */
export const CERTIFICATE_BYTES_MAX = 262_144;
const CHAIN_MAX = 20;

const PEM = /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}$/;

/**
 * The certificates of an upload as PEM, the one it is about first: PEM text, also with a chain; DER; or either of them in base64.
 * @throws UnreadableCertificate, CertificateExpired (400).
 */
export const readCertificate = (bytes: Buffer, now = new Date()): string => {
  const chain = chainIn(bytes);
  if (chain.some((certificate) => certificate.validToDate < now)) throw CertificateExpired();
  return pemOf(chain);
};

/** As {@link readCertificate}, an expired one included: what was taken when it was valid moves on in archives. */
export const readAnyCertificate = (bytes: Buffer): string => pemOf(chainIn(bytes));

const pemOf = (chain: readonly X509Certificate[]): string => chain.map(String).join('');

const chainIn = (bytes: Buffer): readonly X509Certificate[] => {
  if (bytes.length > CERTIFICATE_BYTES_MAX) throw UnreadableCertificate();
  const chain = certificatesIn(bytes) ?? certificatesIn(decoded(bytes));
  if (chain === undefined || chain.length > CHAIN_MAX || !chain.every(isDated)) throw UnreadableCertificate();
  return chain;
};

/** Node reads certificates whose dates it cannot tell. The texts say so: of such a time Node's dates are left to chance, and OpenSSL prints "Bad time value". */
const isDated = ({ validFrom, validTo }: X509Certificate): boolean =>
  [validFrom, validTo].every((text) => Number.isFinite(Date.parse(text)));

/** Nothing where the text is no base64. */
const decoded = (bytes: Buffer): Buffer => {
  const text = bytes.toString('latin1').trimEnd();
  return BASE64.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0);
};

const certificatesIn = (bytes: Buffer): readonly X509Certificate[] | undefined => {
  const blocks = bytes.toString('latin1').match(PEM);
  try {
    return (blocks ?? [bytes]).map((block) => new X509Certificate(block));
  } catch {
    return undefined;
  }
};

/** What is shown of a certificate. */
export interface CertificateFacts {
  readonly isExpired: boolean;
  readonly validFrom: Date;
  readonly validTo: Date;
  /** 1 to 3. */
  readonly version: number;
  /** Most specific part first: `CN=example.com, O=Example`. */
  readonly subject: string;
}

export const factsOf = (pem: string, now = new Date()): CertificateFacts => {
  const certificate = new X509Certificate(pem);
  return {
    isExpired: certificate.validToDate < now,
    validFrom: certificate.validFromDate,
    validTo: certificate.validToDate,
    version: versionOf(certificate.raw),
    subject: (certificate.subject ?? '').split('\n').reverse().join(', '),
  };
};

/** DER: the tag of the explicit version field, which version 1 leaves out. */
const VERSION_TAG = 0xa0;
const LONG_LENGTH = 0x80;

/**
 * The one thing that Node does not tell. A certificate that was parsed before begins with two sequences, of which the inner one begins with the version:
 * tag and length of the field, tag and length of the number, the number less one.
 */
const versionOf = (der: Buffer): number => {
  const field = contentAt(der, contentAt(der, 0));
  return der[field] === VERSION_TAG ? (der[field + 4] ?? 0) + 1 : 1;
};

/** Where the content of the DER element at the offset begins. */
const contentAt = (der: Buffer, offset: number): number => {
  const length = der[offset + 1] ?? 0;
  return offset + 2 + (length > LONG_LENGTH ? length - LONG_LENGTH : 0);
};
