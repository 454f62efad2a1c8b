import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface TlsFiles {
  readonly certificate: string;
  readonly key: string;
}

const DAYS = 825;
const DAY_MS = 86_400_000;

/** The server's certificate and key as PEM, from the data folder; made there, self-signed, when absent, expired or for another host. */
export const serverCertificate = async (dataDir: string, hostname: string): Promise<TlsFiles> => {
  const folder = join(dataDir, 'tls');
  const [certificateFile, keyFile] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  if (!(existsSync(certificateFile) && existsSync(keyFile)) || !fits(readFileSync(certificateFile, 'utf8'), hostname)) {
    const made = await generate([{ name: 'commonName', value: hostname }], {
      keySize: 2048,
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + DAYS * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: false },
        { name: 'keyUsage', digitalSignature: true, keyEncipherment: true },
        { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
        { name: 'subjectAltName', altNames: [...new Set([hostname, 'localhost'])].map((value) => ({ type: 2 as const, value })).concat() },
      ],
    });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(keyFile, made.private, { mode: 0o600 });
    writeFileSync(certificateFile, made.cert);
  }
  return { certificate: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
};

const fits = (pem: string, hostname: string): boolean => {
  const certificate = new X509Certificate(pem);
  return certificate.validToDate.getTime() > Date.now() && certificate.checkHost(hostname) !== undefined;
};
