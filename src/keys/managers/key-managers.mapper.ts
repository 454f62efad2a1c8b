import type { ConnectorDescriptor, ConnectorField } from '../connectors/connector.js';
import { type KeyManager, RESIDENT_TYPE } from './key-manager.js';
import type { DevportalKeyManagerInfoDto, KeyManagerApplicationConfigurationDto } from './key-managers.devportal.dto.js';
import type { KeyManagerInfoDto } from './key-managers.publisher.dto.js';
import { constraintsOf, type SettingConstraints } from './setting-constraints.js';

export const toPublisherInfo = ({ id, name, displayName, type, description, enabled }: KeyManager): KeyManagerInfoDto => ({
  id,
  name,
  displayName,
  type,
  description,
  enabled,
  additionalProperties: [],
});

/** As applications use it: addresses for display go before those that the server uses itself. */
export const toDevportalInfo = (manager: KeyManager, descriptor: ConnectorDescriptor | undefined): DevportalKeyManagerInfoDto => ({
  id: manager.id,
  name: manager.name,
  type: manager.type,
  displayName: manager.displayName,
  description: manager.description,
  enabled: manager.enabled,
  availableGrantTypes: [...manager.availableGrantTypes],
  tokenEndpoint: manager.displayTokenEndpoint.trim() || manager.tokenEndpoint,
  revokeEndpoint: manager.displayRevokeEndpoint.trim() || manager.revokeEndpoint,
  userInfoEndpoint: manager.userInfoEndpoint,
  enableTokenGeneration: manager.enableTokenGeneration,
  enableTokenEncryption: manager.enableTokenEncryption,
  enableTokenHashing: manager.enableTokenHashing,
  enableOAuthAppCreation: manager.enableOAuthAppCreation,
  enableMapOAuthConsumerApps: manager.enableMapOAuthConsumerApps,
  applicationConfiguration: constrained(
    manager.type === RESIDENT_TYPE ? RESIDENT_CONFIGURATION : (descriptor?.applicationConfigurations ?? []).map(toConfiguration),
    constraintsOf(manager),
  ),
  alias: manager.alias,
  additionalProperties: withoutConnection(manager, descriptor),
  tokenType: manager.tokenType,
});

/** The fields with what an administrator allows of them, so that a portal can say so before anything is sent. */
const constrained = (
  fields: readonly KeyManagerApplicationConfigurationDto[],
  constraints: SettingConstraints,
): KeyManagerApplicationConfigurationDto[] =>
  fields.map((field) => {
    const constraint = constraints[field.name];
    return constraint ? { ...field, constraint: { type: constraint.type, value: { ...constraint.value } } } : field;
  });

/** What only looks like a credential is one wherever a type has no form that says which properties are. */
const CREDENTIAL = /secret|password|api_?key|token/i;

/** How the server reaches a key manager is none of a developer's business. */
const withoutConnection = (manager: KeyManager, descriptor: ConnectorDescriptor | undefined): Record<string, unknown> => {
  const connection = new Set(descriptor?.configurations.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(manager.additionalProperties).filter(([name]) => !connection.has(name) && !CREDENTIAL.test(name)),
  );
};

const toConfiguration = ({ values, updateDisabled: _, ...field }: ConnectorField): KeyManagerApplicationConfigurationDto => ({
  ...field,
  values: [...values],
});

const input = (name: string, label: string, tooltip: string): KeyManagerApplicationConfigurationDto => ({
  name,
  label,
  type: 'input',
  required: false,
  mask: false,
  multiple: false,
  tooltip,
  default: 'N/A',
  values: [],
});

const checkbox = (name: string, label: string, tooltip: string): KeyManagerApplicationConfigurationDto => ({
  ...input(name, label, tooltip),
  type: 'checkbox',
  default: 'false',
});

/** What an application may set at the resident key manager (`reference/devportal.md` §6). */
const RESIDENT_CONFIGURATION: KeyManagerApplicationConfigurationDto[] = [
  input('application_access_token_expiry_time', 'Application access token expiry time', 'Life of the application’s own tokens, in seconds'),
  input('user_access_token_expiry_time', 'User access token expiry time', 'Life of tokens on behalf of users, in seconds'),
  input('refresh_token_expiry_time', 'Refresh token expiry time', 'Life of refresh tokens, in seconds'),
  input('id_token_expiry_time', 'ID token expiry time', 'Life of ID tokens, in seconds'),
  checkbox('pkceMandatory', 'PKCE required', 'Refuse authorization codes without a code challenge'),
  checkbox('pkceSupportPlain', 'Plain code challenge', 'Accept the code verifier itself as its challenge'),
  checkbox('bypassClientCredentials', 'Public client', 'Accept the application without its secret'),
];
