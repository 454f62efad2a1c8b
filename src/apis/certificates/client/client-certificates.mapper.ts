import { type PageQuery, page } from '../../../platform/http/page.js';
import type { ClientCertificatesDto, ClientCertMetadataDto } from '../certificates.dto.js';
import type { ListedClientCertificate } from './client-certificates.service.js';

/** Scopes that may read the client certificates of an API, by either face. */
export const CLIENT_CERTIFICATES_READ = [
  'apim:api_view',
  'apim:api_manage',
  'apim:client_certificates_view',
  'apim:client_certificates_manage',
] as const;

export const toClientCertMetadataDto = ({ alias, apiId, tier }: ListedClientCertificate): ClientCertMetadataDto => ({ alias, apiId, tier });

export const toClientCertificatesDto = (
  { items, total }: { readonly items: readonly ListedClientCertificate[]; readonly total: number },
  window: PageQuery,
): ClientCertificatesDto => {
  const { count, list: certificates, pagination } = page(items.map(toClientCertMetadataDto), total, window);
  return { count, certificates, pagination };
};
