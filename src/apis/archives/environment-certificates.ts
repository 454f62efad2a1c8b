import type { ArchiveFiles } from '../../platform/archives/read-archive.js';
import { isObject, type JsonObject, textAt } from '../definitions/json-document.js';
import { UnreadableParams } from './api-archives.problems.js';
import { ARCHIVE_VERSION } from './archive-texts.js';

/** Where the CLI puts the files that the parameters name. */
const FOLDERS: readonly string[] = ['Deployment/certificates/', 'Deployment/', 'certificates/', ''];

/** The files with the certificates that the parameters name, in the places where archives keep theirs and instead of those. @throws UnreadableParams (900908). */
export const withCertificates = (files: ArchiveFiles, params: JsonObject): ArchiveFiles => {
  const result = new Map(files);
  const { certs, mutualSslCerts } = params;
  if (Array.isArray(certs)) {
    replace(
      result,
      'Endpoint-certificates/',
      'endpoint_certificates',
      certs.map((entry) => endpointCertificate(files, entry)),
    );
  }
  if (Array.isArray(mutualSslCerts)) {
    const clients = mutualSslCerts.map((entry) => clientCertificate(files, entry));
    for (const path of files.keys()) if (path.startsWith('Client-certificates/')) result.delete(path);
    for (const keyType of ['PRODUCTION', 'SANDBOX']) {
      const ofType = clients.filter(({ entry }) => entry['keyType'] === keyType);
      if (ofType.length > 0) replace(result, `Client-certificates/${keyType}/`, 'client_certificates', ofType);
    }
  }
  return result;
};

interface Certificate {
  readonly entry: JsonObject;
  readonly fileName: string;
  readonly bytes: Buffer;
}

const replace = (files: Map<string, Buffer>, folder: string, type: string, certificates: readonly Certificate[]): void => {
  for (const path of [...files.keys()]) if (path.startsWith(folder)) files.delete(path);
  const data = certificates.map(({ entry }) => entry);
  files.set(`${folder}${type}.json`, Buffer.from(JSON.stringify({ type, version: ARCHIVE_VERSION, data })));
  for (const { fileName, bytes } of certificates) files.set(`${folder}${fileName}`, bytes);
};

const endpointCertificate = (files: ArchiveFiles, entry: unknown): Certificate => {
  const { alias, fileName, bytes, given } = certificateIn(files, entry);
  return { entry: { alias, endpoint: textAt(given, 'hostName') ?? '', certificate: fileName }, fileName, bytes };
};

const clientCertificate = (files: ArchiveFiles, entry: unknown): Certificate => {
  const { alias, fileName, bytes, given } = certificateIn(files, entry);
  const keyType = (textAt(given, 'keyType') ?? 'PRODUCTION').toUpperCase();
  if (!['PRODUCTION', 'SANDBOX'].includes(keyType)) throw UnreadableParams(`The certificate ${alias} has the unknown key type ${keyType}.`);
  return { entry: { alias, tierName: textAt(given, 'tierName') ?? 'Unlimited', keyType, certificate: fileName }, fileName, bytes };
};

const certificateIn = (files: ArchiveFiles, given: unknown) => {
  const alias = isObject(given) ? textAt(given, 'alias') : undefined;
  const path = isObject(given) ? textAt(given, 'path') : undefined;
  if (!isObject(given) || alias === undefined || path === undefined) throw UnreadableParams('A certificate needs an alias and a path.');
  const bytes = FOLDERS.map((folder) => files.get(`${folder}${path}`)).find((content) => content !== undefined);
  if (bytes === undefined) throw UnreadableParams(`The certificate ${path} did not come with the archive.`);
  // With its folder: files of two folders may have one name.
  return { given, alias, fileName: path, bytes };
};
