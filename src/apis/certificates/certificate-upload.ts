import { BadRequest } from '../../domain/problem.js';
import type { UploadedFields } from '../../platform/http/upload.js';

/** The uploaded certificate; undefined without one. */
export const sentCertificate = (files: UploadedFields | undefined): Buffer | undefined => files?.['certificate']?.[0]?.buffer;

/** @throws BadRequest without a certificate. */
export const neededCertificate = (bytes: Buffer | undefined): Buffer => {
  if (bytes !== undefined) return bytes;
  throw BadRequest('Validation Error').withFindings([{ code: '400_certificate', message: 'certificate: must not be null' }]);
};

/** What a list is filtered by: nothing where the parameter is absent or empty, the first where it is repeated. */
export const filterOf = (value: unknown): string | undefined => {
  const [first]: readonly unknown[] = Array.isArray(value) ? value : [value];
  return typeof first === 'string' && first !== '' ? first : undefined;
};

/** Postgres can hold it; no certificate has an alias that it cannot. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();
