import type { ConnectorField, KeyManagerConnector } from '../keys/connectors/connector.js';
import { RESIDENT_TYPE } from '../keys/managers/key-manager.js';
import type {
  ConfigurationConstraintDto,
  KeyManagerConfigurationDto,
  SettingsKeyManagerConfigurationItemDto,
} from './admin-settings.dto.js';

/** The types of key managers with their forms: the resident one, which needs none, and those of the connectors. */
export const keyManagerConfigurations = (connectors: readonly KeyManagerConnector[]): SettingsKeyManagerConfigurationItemDto[] => [
  {
    type: RESIDENT_TYPE,
    displayName: RESIDENT_TYPE,
    defaultConsumerKeyClaim: 'azp',
    defaultScopesClaim: 'scope',
    authConfigurations: [],
    configurations: [],
    endpointConfigurations: [],
    configurationConstraints: CONSTRAINABLE,
  },
  ...connectors.map(({ descriptor }) => ({
    type: descriptor.type,
    displayName: descriptor.displayName,
    defaultConsumerKeyClaim: descriptor.defaultConsumerKeyClaim,
    defaultScopesClaim: descriptor.defaultScopesClaim,
    authConfigurations: [],
    configurations: descriptor.configurations.map(toConfiguration),
    endpointConfigurations: descriptor.endpointConfigurations.map(toConfiguration),
    configurationConstraints: [],
  })),
];

/** Portals expect plain texts among `values` and in `default`, where the contract has objects. */
const toConfiguration = ({ values, default: usual, updateDisabled, ...field }: ConnectorField): KeyManagerConfigurationDto => ({
  ...field,
  default: usual,
  values: values.map((value) => (typeof value === 'string' ? value : toConfiguration(value))),
  updateDisabled: updateDisabled ?? false,
});

const longest = (name: string, label: string): ConfigurationConstraintDto => ({
  name,
  label,
  type: 'input',
  multiple: false,
  tooltip: 'The longest life that applications may ask for, in seconds',
  constraintType: 'MAX',
  values: [],
  default: {},
});

/** What an administrator may limit of the applications' settings (`reference/key-manager.md` §9.4). */
const CONSTRAINABLE: ConfigurationConstraintDto[] = [
  longest('application_access_token_expiry_time', 'Application access token expiry time'),
  longest('user_access_token_expiry_time', 'User access token expiry time'),
  longest('refresh_token_expiry_time', 'Refresh token expiry time'),
  longest('id_token_expiry_time', 'ID token expiry time'),
];
