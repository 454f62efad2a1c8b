import { shownName } from '../../domain/organization.js';
import { ownerOf } from '../clients/oauth-client.js';
import type { DCRDto, DCRResultDto } from './client-registration.dto.js';
import type { RegisteredClient, RequestedClient } from './client-registration.service.js';

/** The product's name for the server's own kind of token. */
const DEFAULT_TOKEN_TYPE = 'DEFAULT';
/** Grants that send the user's browser back: of no use without an address. */
const REDIRECTING = new Set(['authorization_code', 'implicit']);

export const fromDCR = (dto: DCRDto): RequestedClient => {
  const callbackUrl = dto.callbackUrl?.trim() ?? '';
  const grantTypes = [...new Set((dto.grantType ?? '').split(/\s+/).filter((grant) => grant !== ''))];
  return {
    name: dto.clientName,
    owner: dto.owner,
    callbackUrl,
    grantTypes: callbackUrl === '' ? grantTypes.filter((grant) => !REDIRECTING.has(grant)) : grantTypes,
    saas: dto.saasApp === true || dto.saasApp === 'true',
    tokenType: dto.tokenType || DEFAULT_TOKEN_TYPE,
  };
};

export const toDCRResult = ({ client, clientSecret }: RegisteredClient): DCRResultDto => ({
  callbackUrl: client.callbackUrl,
  callBackURL: client.callbackUrl,
  clientName: client.name,
  clientId: client.clientId,
  clientSecret,
  isSaasApplication: client.saas,
  appOwner: shownName(ownerOf(client)),
  jsonString: JSON.stringify({ grant_types: client.grantTypes.join(' '), redirect_uris: client.callbackUrl, client_name: client.name }),
  jsonAppAttribute: '{}',
  applicationUUID: null,
  tokenType: client.tokenType,
});
