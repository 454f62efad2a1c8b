import { AlreadyExists, BadRequest, NotFound } from '../../domain/problem.js';

export const CertificateExpired = () => BadRequest('Certificate Expired');
export const UnreadableCertificate = () => BadRequest('The file is not an X.509 certificate in PEM, DER or base64.');
export const AliasExists = (alias: string) => AlreadyExists(`The alias '${alias}' already exists in the trust store.`);
export const CertificateNotFound = NotFound('Certificate');
/** A broken list of certificates in an archive, or one that names a file which is not there. */
export const CertificatesFileUnreadable = (path: string) => BadRequest(`Error while reading certificates from ${path}`);
