import { shownName } from '../../domain/organization.js';
import type { KeyManager } from '../../keys/managers/key-manager.js';
import type { ApiKeyRow, CertificateRow, RevocationRow, TenantRow } from './security-rows.js';

const SECOND_MS = 1_000;

/** How a gateway connects to a key manager and checks its tokens: never the secrets of the connection, which the key manager's own client needs alone. */
export const toKeyManager = (keyManager: KeyManager, jwksUrl: string) => ({
  uuid: keyManager.id,
  name: keyManager.name,
  type: keyManager.type,
  enabled: keyManager.enabled,
  organization: keyManager.organization,
  additionalProperties: {
    issuer: keyManager.issuer,
    token_endpoint: keyManager.tokenEndpoint,
    revoke_endpoint: keyManager.revokeEndpoint,
    authorize_endpoint: keyManager.authorizeEndpoint,
    introspection_endpoint: keyManager.introspectionEndpoint,
    userinfo_endpoint: keyManager.userInfoEndpoint,
    certificate_type: keyManager.certificates?.type ?? 'JWKS',
    certificate_value: keyManager.certificates?.value ?? jwksUrl,
    claim_mappings: keyManager.claimMapping,
    consumer_key_claim: keyManager.consumerKeyClaim,
    scopes_claim: keyManager.scopesClaim,
    self_validate_jwt: keyManager.enableSelfValidationJWT,
    enable_token_hash: keyManager.enableTokenHashing,
    enable_token_encryption: keyManager.enableTokenEncryption,
    token_format_string: keyManager.tokenValidation.filter(({ enable }) => enable),
    grant_types: keyManager.availableGrantTypes,
    enable_oauth_app_creation: keyManager.enableOAuthAppCreation,
    enable_map_oauth_consumer_apps: keyManager.enableMapOAuthConsumerApps,
    enable_token_generation: keyManager.enableTokenGeneration,
  },
  tokenType: keyManager.tokenType,
});

/** Times in milliseconds, the validity in seconds; a key without an end has -1 for both. Hashes are hexadecimal, as the product's gateways make them. */
export const toApiKey = (key: ApiKeyRow) => ({
  apiKeyHash: Buffer.from(key.hash, 'base64url').toString('hex'),
  keyName: key.name,
  keyType: key.keyType,
  status: 'ACTIVE',
  expiresAt: key.expiresAt ?? -1,
  authUser: shownName({ name: key.owner, organization: key.organization }),
  ...(key.applicationNumber !== null && { appId: key.applicationNumber }),
  ...(key.apiNumber !== null && { apiId: key.apiNumber }),
  ...(key.applicationId !== null && { applicationUUID: key.applicationId }),
  ...(key.apiId !== null && { apiUUID: key.apiId }),
  validityPeriod: key.validitySeconds,
  createdTime: key.issuedAt,
  additionalProperties: { permittedIP: key.restrictions.ips.join(','), permittedReferer: key.restrictions.referers.join(',') },
  keyBoundary: key.apiId === null ? 'APPLICATION' : 'API',
});

/** Times in milliseconds. What died with a login is known by the beginning of its tokens' ids, for which there is no place here. */
export const toRevokedEvents = (rows: readonly RevocationRow[]) => {
  const of = (wanted: RevocationRow['type']) => rows.filter(({ type }) => type === wanted);
  return {
    revokedJWTList: of('jti').map(({ value, expiresAt }) => ({ jwt_signature: value, expiry_time: expiresAt * SECOND_MS })),
    revokedJWTSubjectEntityList: of('subject').map(({ value, revokedAt, organization }) => ({
      entity_id: value,
      entity_type: 'USER_ID',
      revocation_time: revokedAt * SECOND_MS,
      organization,
    })),
    revokedJWTConsumerKeyList: of('consumer-key').map(({ value, revokedAt, organization }) => ({
      consumer_key: value,
      revocation_time: revokedAt * SECOND_MS,
      type: 'consumer_app_revocation_event',
      organization,
    })),
  };
};

export const toEndpointCertificate = ({ alias, endpoint, pem, tenantId, organization }: CertificateRow) => ({
  alias,
  endpoint,
  certificate: Buffer.from(pem).toString('base64'),
  tenantId,
  organization,
});

const claimOf = ({ claims }: TenantRow, name: string): string => {
  const value = claims?.[name];
  return typeof value === 'string' ? value : '';
};

export const toTenantInfo = (tenant: TenantRow) => {
  const [first, last] = [claimOf(tenant, 'givenname'), claimOf(tenant, 'lastname')];
  return {
    tenantId: tenant.tenantId,
    admin: tenant.admin ?? '',
    domain: tenant.domain,
    adminFullName: [first, last].filter(Boolean).join(' '),
    adminFirstName: first,
    adminLastName: last,
    email: claimOf(tenant, 'emailaddress'),
    active: tenant.active,
  };
};
