import { StreamableFile } from '@nestjs/common';
import { Reply } from '../../platform/http/reply.js';
import { disposition } from '../documents/document-content.reply.js';
import { factsOf } from './certificate.js';
import type { CertificateInfoDto } from './certificates.dto.js';

export const toCertificateInfoDto = (pem: string): CertificateInfoDto => {
  const { isExpired, validFrom, validTo, version, subject } = factsOf(pem);
  return {
    status: isExpired ? 'Expired' : 'Active',
    validity: { from: validFrom.toISOString(), to: validTo.toISOString() },
    version: `V${version}`,
    subject,
  };
};

/** The certificate as a file in PEM. */
export const certificateReply = (alias: string, pem: string): Reply<never> => {
  const bytes = Buffer.from(pem);
  return new Reply<never>(
    200,
    new StreamableFile(bytes, { type: 'application/octet-stream', length: bytes.length, disposition: disposition(`${alias}.crt`) }),
  );
};
