import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import type { ArchiveFormat } from '../archives/api-archive-parts.js';
import type { ArchiveFile, ArchiveTexts } from '../archives/archive-texts.js';
import type { JsonObject } from '../definitions/json-document.js';
import { readAnyCertificate } from './certificate.js';
import { CertificatesFileUnreadable } from './certificates.problems.js';

/** A certificate for an archive: what its list says of it, and the certificate. */
export interface WrittenCertificate {
  readonly alias: string;
  readonly pem: string;
  readonly entry: object;
}

/** The list of certificates as `<folder>/<type>.yaml`, and each of them beside it as a file of its own. */
export const certificateFiles = async (
  texts: ArchiveTexts,
  folder: string,
  type: string,
  certificates: readonly WrittenCertificate[],
  { format }: ArchiveFormat,
): Promise<readonly ArchiveFile[]> => {
  if (certificates.length === 0) return [];
  const taken = new Set<string>();
  const named = certificates.map((certificate) => ({ ...certificate, file: freeName(certificate.alias, taken) }));
  const data = named.map(({ alias, entry, file }) => ({ alias, certificate: file, ...entry }));
  const list = await texts.wrapped(`${folder}/${type}`, type, data, format);
  return [list, ...named.map(({ file, pem }): ArchiveFile => [`${folder}/${file}`, pem])];
};

/** Two aliases may become one name once what no file system takes is replaced. */
const freeName = (alias: string, taken: Set<string>): string => {
  const name = alias.replace(/[^A-Za-z0-9.-]/g, '_');
  let file = `${name}.crt`;
  for (let number = 2; taken.has(file.toLowerCase()); number += 1) file = `${name}-${number}.crt`;
  taken.add(file.toLowerCase());
  return file;
};

/** A certificate of an archive: its entry of the list, and the certificate as PEM. */
export interface ReadCertificate {
  readonly alias: string;
  readonly pem: string;
  readonly entry: JsonObject;
}

const ALIAS_CHARACTERS_MAX = 255;

/** The certificates that `<folder>/<type>.yaml` lists. @throws CertificatesFileUnreadable, UnreadableCertificate (400). */
export const certificatesIn = async (
  texts: ArchiveTexts,
  files: ArchiveFiles,
  folder: string,
  type: string,
): Promise<readonly ReadCertificate[]> => {
  const path = `${folder}/${type}`;
  const entries = await texts.list(files, path, CertificatesFileUnreadable);
  return entries.map((entry) => {
    const { alias, certificate } = entry;
    const bytes = typeof certificate === 'string' ? files.get(`${folder}/${certificate}`) : undefined;
    const isNamed = typeof alias === 'string' && alias !== '' && alias.length <= ALIAS_CHARACTERS_MAX;
    if (!isNamed || bytes === undefined) throw CertificatesFileUnreadable(path);
    return { alias, pem: readAnyCertificate(bytes), entry };
  });
};
