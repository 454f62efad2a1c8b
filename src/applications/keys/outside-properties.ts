import type { ConnectorDescriptor } from '../../keys/connectors/connector.js';
import type { PropertyValue } from '../../keys/managers/key-manager.js';
import { PropertiesInvalid, RequiredPropertiesMissing } from './application-keys.problems.js';
import type { Properties, StoredProperties } from './resident-properties.js';

const BYTES_MAX = 16_384;
/** What a key manager's answer holds that is nobody's to read, or is shown elsewhere. */
const SECRET = /secret|password|registration_access_token/i;

/**
 * Checks what may be checked here: that nothing the key manager's form asks for is missing, and that it is not too much. The rest is for the key manager to judge.
 * @throws RequiredPropertiesMissing, PropertiesInvalid (400)
 */
export const checkOutsideProperties = (
  sent: Properties,
  { applicationConfigurations }: Pick<ConnectorDescriptor, 'applicationConfigurations'>,
): void => {
  if (Buffer.byteLength(JSON.stringify(sent)) > BYTES_MAX) throw PropertiesInvalid();
  const missing = applicationConfigurations.filter((field) => field.required && isBlank(sent[field.name]) && isBlank(field.default));
  if (missing.length > 0) throw RequiredPropertiesMissing(missing.map(({ name }) => name).join(', '));
};

/** The properties as they are stored and shown: without secrets. */
export const shownProperties = (properties: Properties): StoredProperties =>
  Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, PropertyValue] => !SECRET.test(entry[0]) && entry[1] !== undefined),
  ); // JSON has nothing else

const isBlank = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
