import type { ConnectorDescriptor, ConnectorField } from '../../connectors/connector.js';
import type { PropertyValue } from '../key-manager.js';

/** How a secret is read back; sent back, it keeps what is stored. */
export const MASKED = '*****';

export type Properties = Readonly<Record<string, PropertyValue>>;

/** Properties of a connection, what is secret apart. */
export interface SplitProperties {
  readonly shown: Properties;
  /** By name: a new value, or `MASKED` for the one that is stored. */
  readonly secret: Readonly<Record<string, string>>;
}

/** All fields of a form, those behind its options among them. */
export const fieldsOf = (fields: readonly ConnectorField[]): readonly ConnectorField[] =>
  fields.flatMap((field) => [field, ...fieldsOf(optionsOf(field))]);

const optionsOf = ({ values }: ConnectorField): readonly ConnectorField[] => values.filter((value) => typeof value !== 'string');

/** Names of the required fields that have no value; those behind an option count only where it is chosen. */
export const missingFields = (fields: readonly ConnectorField[], properties: Properties): readonly string[] =>
  fields.flatMap((field) => {
    const value = properties[field.name];
    const chosen = optionsOf(field).filter(({ name }) => name === value);
    const below = chosen.flatMap((option) => missingFields(optionsOf(option), properties));
    return field.required && isBlank(value) ? [field.name, ...below] : below;
  });

const isBlank = (value: PropertyValue | undefined): boolean => value === undefined || value === null || value === '';

/** An empty secret is none. */
export const splitProperties = ({ configurations }: ConnectorDescriptor, properties: Properties): SplitProperties => {
  const masked = new Set(
    fieldsOf(configurations)
      .filter(({ mask }) => mask)
      .map(({ name }) => name),
  );
  const entries = Object.entries(properties);
  const secret = entries.filter(([name, value]) => masked.has(name) && !isBlank(value)).map(([name, value]) => [name, String(value)]);
  return { shown: Object.fromEntries(entries.filter(([name]) => !masked.has(name))), secret: Object.fromEntries(secret) };
};
