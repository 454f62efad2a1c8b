import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

const DAY_MS = 86_400_000;

/** A self-signed certificate in PEM, valid from yesterday to tomorrow, or expired since an hour. */
export const certificate = async (commonName = 'backend.example.com', { expired = false } = {}): Promise<string> => {
  const now = Date.now();
  const { cert } = await generate(
    [
      { name: 'countryName', value: 'LK' },
      { name: 'organizationName', value: 'Example' },
      { name: 'commonName', value: commonName },
    ],
    { algorithm: 'sha256', notBeforeDate: new Date(now - DAY_MS), notAfterDate: new Date(expired ? now - 3_600_000 : now + DAY_MS) },
  );
  return String(new X509Certificate(cert));
};

/** The form in which a certificate is uploaded. */
export const upload = (file: string | Uint8Array) => ({ file, name: 'certificate.crt', type: 'application/x-x509-ca-cert' });

export const derOf = (pem: string): Buffer => new X509Certificate(pem).raw;
