import type { ConnectedKeyManager } from '../connectors/connector.js';
import type { KeyManagerEntity } from './key-manager.entity.js';

export type ConnectedRow = Pick<KeyManagerEntity, 'id' | 'organization' | 'name' | 'type' | 'issuer' | 'settings' | 'secrets'>;

/** The key manager as its connector needs it, its secrets opened by `decrypt`. */
export const connectedKeyManager = (row: ConnectedRow, decrypt: (sealed: string) => string): ConnectedKeyManager => {
  const { id, organization, name, type, issuer, settings } = row;
  const secrets = Object.entries(row.secrets).map(([property, sealed]) => [property, decrypt(sealed)]);
  return {
    ...{ id, organization, name, type, issuer },
    wellKnownEndpoint: settings.wellKnownEndpoint,
    clientRegistrationEndpoint: settings.clientRegistrationEndpoint,
    tokenEndpoint: settings.tokenEndpoint,
    revokeEndpoint: settings.revokeEndpoint,
    introspectionEndpoint: settings.introspectionEndpoint,
    scopeManagementEndpoint: settings.scopeManagementEndpoint,
    endpoints: Object.fromEntries(settings.endpoints.map((endpoint) => [endpoint.name, endpoint.value])),
    consumerKeyClaim: settings.consumerKeyClaim,
    scopesClaim: settings.scopesClaim,
    properties: { ...settings.additionalProperties, ...Object.fromEntries(secrets) },
  };
};
