import type { ClientSecret } from '../../keys/clients/oauth-client.js';
import { expirySeconds, type SecretForm, shownSecret } from '../../keys/clients/secret-mask.js';
import type {
  ApplicationKeyDto,
  ApplicationKeyGenerateRequestDto,
  ApplicationKeyMappingRequestDto,
  ApplicationTokenDto,
  ApplicationTokenGenerateRequestDto,
  ConsumerSecretDto,
} from './application-keys.dto.js';

import { type TokenRequest, validitySeconds } from './application-tokens.service.js';
import type { ApplicationKey } from './key-mappings.js';
import type { KeyChange, KeyRequest, MappingRequest } from './key-requests.js';

export const toConsumerSecretDto = ({ id, description, secret, expiresAt }: ClientSecret, form: SecretForm): ConsumerSecretDto => ({
  secretId: id,
  secretValue: shownSecret(secret, form),
  additionalProperties: { description, expiresAt: expirySeconds(expiresAt) },
});

export const toApplicationKeyDto = (
  { mapping, secrets }: ApplicationKey,
  form: SecretForm,
  token: ApplicationTokenDto | null = null,
): ApplicationKeyDto => {
  const consumerSecrets = secrets.map((secret) => toConsumerSecretDto(secret, form));
  return {
    keyMappingId: mapping.id,
    keyManager: mapping.keyManager,
    consumerKey: mapping.consumerKey ?? '',
    consumerSecret: consumerSecrets.at(-1)?.secretValue ?? '',
    consumerSecrets,
    supportedGrantTypes: [...mapping.settings.grantTypes],
    callbackUrl: mapping.settings.callbackUrl,
    keyState: mapping.state,
    keyType: mapping.keyType,
    mode: mapping.mode,
    groupId: '',
    token,
    additionalProperties: { ...mapping.settings.properties },
  };
};

/** A property that is null says no more than one left out: portals send whole objects back. */
export const fromKeyRequest = (dto: ApplicationKeyGenerateRequestDto): KeyRequest => ({
  keyType: dto.keyType,
  keyManager: dto.keyManager ?? undefined,
  grantTypes: [...new Set(dto.grantTypesToBeSupported)],
  callbackUrl: dto.callbackUrl ?? '',
  properties: dto.additionalProperties ?? {},
});

export const fromMappingRequest = (dto: ApplicationKeyMappingRequestDto): MappingRequest => ({
  consumerKey: dto.consumerKey,
  consumerSecret: dto.consumerSecret ?? undefined,
  keyManager: dto.keyManager ?? undefined,
  keyType: dto.keyType,
});

export const fromKeyChange = (dto: ApplicationKeyDto): KeyChange => ({
  ...(dto.supportedGrantTypes && { grantTypes: [...new Set(dto.supportedGrantTypes)] }),
  ...(typeof dto.callbackUrl === 'string' && { callbackUrl: dto.callbackUrl }),
  ...(dto.additionalProperties && { properties: dto.additionalProperties }),
});

export const fromTokenRequest = (dto: ApplicationTokenGenerateRequestDto): TokenRequest => ({
  consumerSecret: dto.consumerSecret ?? undefined,
  scopes: dto.scopes ?? [],
  validitySeconds: validitySeconds('validityPeriod', dto.validityPeriod),
  revokeToken: dto.revokeToken ?? undefined,
  grantType: dto.grantType ?? 'CLIENT_CREDENTIALS',
  properties: dto.additionalProperties ?? {},
});
