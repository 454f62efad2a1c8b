import { GLOBAL_ORGANIZATION } from '../../../domain/organization.js';
import type { ConnectorDescriptor } from '../../connectors/connector.js';
import type { OpenIdMetadata } from '../../connectors/openid-discovery.js';
import { type KeyManager, type KeyManagerEndpoints, type KeyManagerSettings, NO_SETTINGS, type PropertyValue } from '../key-manager.js';
import type { ApiUsingKeyManager, ApplicationUsingKeyManager, UsePage } from '../key-manager-uses.js';
import { PropertyTooLong } from '../key-managers.problems.js';
import type { KeyManagerContent } from './key-manager-administration.js';
import type {
  AdminKeyManagerInfoDto,
  AdminKeyManagerListDto,
  KeyManagerAPIUsagesDto,
  KeyManagerAppUsagesDto,
  KeyManagerDto,
} from './key-managers.admin.dto.js';
import { MASKED } from './masked-properties.js';

const JSON_BYTES_MAX = 65_536;

/** Secrets are told by their names alone. */
export const toKeyManagerDto = (keyManager: KeyManager): KeyManagerDto => {
  const { organization, secretNames, additionalProperties, certificates, permissions, ...rest } = keyManager;
  return {
    ...rest,
    endpoints: keyManager.endpoints.map(({ name, value }) => ({ name, value })),
    certificates: certificates ? { ...certificates } : {},
    availableGrantTypes: [...keyManager.availableGrantTypes],
    claimMapping: keyManager.claimMapping.map((entry) => ({ ...entry })),
    tokenValidation: keyManager.tokenValidation.map((entry) => ({ ...entry })),
    global: organization === GLOBAL_ORGANIZATION,
    additionalProperties: { ...additionalProperties, ...Object.fromEntries(secretNames.map((name) => [name, MASKED])) },
    permissions: { permissionType: permissions.permissionType, roles: [...permissions.roles] },
    allowedOrganizations: [...keyManager.allowedOrganizations],
  };
};

const toAdminInfo = (keyManager: KeyManager, used: ReadonlySet<string>): AdminKeyManagerInfoDto => ({
  id: keyManager.id,
  name: keyManager.name,
  type: keyManager.type,
  description: keyManager.description,
  enabled: keyManager.enabled,
  isGlobal: keyManager.organization === GLOBAL_ORGANIZATION,
  isUsed: used.has(keyManager.name),
  tokenType: keyManager.tokenType,
});

export const fromKeyManagerDto = (dto: KeyManagerDto): KeyManagerContent => ({
  name: dto.name,
  displayName: dto.displayName || dto.name,
  type: dto.type,
  description: dto.description ?? '',
  enabled: dto.enabled ?? true,
  issuer: dto.issuer ?? '',
  properties: bounded('additionalProperties', dto.additionalProperties ?? {}) as Record<string, PropertyValue>, // a JSON object, as the body's parser made it
  settings: settingsOf(dto),
});

const settingsOf = (dto: KeyManagerDto): KeyManagerContent['settings'] => ({
  ...endpointsOf(dto),
  endpoints: dto.endpoints ?? [],
  certificates: certificatesOf(dto),
  availableGrantTypes: dto.availableGrantTypes ?? [],
  enableTokenGeneration: dto.enableTokenGeneration ?? false,
  enableTokenEncryption: dto.enableTokenEncryption ?? false,
  enableTokenHashing: dto.enableTokenHashing ?? false,
  enableMapOAuthConsumerApps: dto.enableMapOAuthConsumerApps ?? false,
  enableOAuthAppCreation: dto.enableOAuthAppCreation ?? false,
  enableProvisionedAppValidation: dto.enableProvisionedAppValidation ?? undefined,
  enableSelfValidationJWT: dto.enableSelfValidationJWT ?? true,
  claimMapping: (dto.claimMapping ?? []).map(({ remoteClaim, localClaim }) => ({
    remoteClaim: remoteClaim ?? '',
    localClaim: localClaim ?? '',
  })),
  consumerKeyClaim: dto.consumerKeyClaim ?? '',
  scopesClaim: dto.scopesClaim ?? '',
  tokenValidation: bounded('tokenValidation', dto.tokenValidation ?? []).map(({ id, enable, type, value }, index) => ({
    id: id ?? index,
    enable: enable ?? true,
    type: type ?? 'REFERENCE',
    value: typeof value === 'string' || (typeof value === 'object' && value !== null) ? value : {},
  })),
  tokenType: dto.tokenType ?? 'DIRECT',
  alias: dto.alias ?? '',
  permissions: { permissionType: dto.permissions?.permissionType ?? 'PUBLIC', roles: dto.permissions?.roles ?? [] },
  allowedOrganizations: dto.allowedOrganizations ?? [],
});

/** What no rule of the DTO bounds. @throws PropertyTooLong (400) */
const bounded = <T extends object>(name: string, value: T): T => {
  if (Buffer.byteLength(JSON.stringify(value)) > JSON_BYTES_MAX) throw PropertyTooLong(name);
  return value;
};

const certificatesOf = ({ certificates }: KeyManagerDto): KeyManagerSettings['certificates'] =>
  certificates?.type && certificates.value ? { type: certificates.type, value: certificates.value } : null;

/** The names of the usual endpoints among `endpoints`, which newer portals fill in place of the properties. */
const ENDPOINT_NAMES: Readonly<Record<keyof KeyManagerEndpoints, string>> = {
  wellKnownEndpoint: 'well_known_endpoint',
  introspectionEndpoint: 'introspection_endpoint',
  clientRegistrationEndpoint: 'client_registration_endpoint',
  tokenEndpoint: 'token_endpoint',
  displayTokenEndpoint: 'display_token_endpoint',
  revokeEndpoint: 'revoke_endpoint',
  displayRevokeEndpoint: 'display_revoke_endpoint',
  userInfoEndpoint: 'userinfo_endpoint',
  authorizeEndpoint: 'authorize_endpoint',
  scopeManagementEndpoint: 'scope_endpoint',
};

const endpointsOf = (dto: KeyManagerDto): KeyManagerEndpoints => {
  const named = new Map(dto.endpoints?.map(({ name, value }) => [name, value]));
  const of = (property: keyof KeyManagerEndpoints): string => dto[property] || (named.get(ENDPOINT_NAMES[property]) ?? '');
  return {
    wellKnownEndpoint: of('wellKnownEndpoint'),
    introspectionEndpoint: of('introspectionEndpoint'),
    clientRegistrationEndpoint: of('clientRegistrationEndpoint'),
    tokenEndpoint: of('tokenEndpoint'),
    displayTokenEndpoint: of('displayTokenEndpoint'),
    revokeEndpoint: of('revokeEndpoint'),
    displayRevokeEndpoint: of('displayRevokeEndpoint'),
    userInfoEndpoint: of('userInfoEndpoint'),
    authorizeEndpoint: of('authorizeEndpoint'),
    scopeManagementEndpoint: of('scopeManagementEndpoint'),
  };
};

export const toAdminList = ({
  keyManagers,
  used,
}: {
  readonly keyManagers: readonly KeyManager[];
  readonly used: ReadonlySet<string>;
}): AdminKeyManagerListDto => ({ count: keyManagers.length, list: keyManagers.map((keyManager) => toAdminInfo(keyManager, used)) });

/** A key manager that has no name yet, filled with what its metadata say. */
export const toDiscovered = (
  wellKnownEndpoint: string,
  type: string,
  { jwksUri, grantTypes, ...said }: OpenIdMetadata,
  descriptor: ConnectorDescriptor | undefined,
): KeyManagerDto =>
  toKeyManagerDto({
    ...NO_SETTINGS,
    ...said,
    id: '',
    organization: '',
    name: '',
    displayName: '',
    description: '',
    type,
    enabled: true,
    wellKnownEndpoint,
    certificates: jwksUri === '' ? null : { type: 'JWKS', value: jwksUri },
    availableGrantTypes: grantTypes,
    consumerKeyClaim: descriptor?.defaultConsumerKeyClaim ?? '',
    scopesClaim: descriptor?.defaultScopesClaim ?? '',
    secretNames: [],
  });

export const toApiUsages = ({ items, total }: UsePage<ApiUsingKeyManager>): KeyManagerAPIUsagesDto => ({
  apiCount: total,
  apis: items.map(({ type, keyManagers, ...api }) => ({
    ...api,
    type: 'API',
    transportType: type,
    thumbnailUri: null,
    keyManagerEntry: keyManagers.join(','),
  })),
});

/** Applications are a tenant's, never a consumer organization's. */
export const toAppUsages = ({ items, total }: UsePage<ApplicationUsingKeyManager>): KeyManagerAppUsagesDto => ({
  applicationCount: total,
  applications: items.map(({ id, ...application }) => ({ uuid: id, ...application, organizationId: null })),
});
