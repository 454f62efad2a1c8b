import { isObject } from '../definitions/json-document.js';
import type { EnvironmentProperties } from './environment-keys.entity.js';
import { InvalidEnvironmentProperties } from './environment-keys.problems.js';

/** The only keys that mediation may ask for (`reference/publisher.md` §19). */
const KEYS: readonly string[] = ['productionEndpoint', 'sandboxEndpoint'];
const VALUE_CHARACTERS_MAX = 2_048;

/** The properties of a request; those without a value are left out. @throws InvalidEnvironmentProperties (900358). */
export const propertiesOf = (sent: unknown): EnvironmentProperties => {
  if (!isObject(sent)) throw InvalidEnvironmentProperties('It must be an object.');
  const unknown = Object.keys(sent).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) throw InvalidEnvironmentProperties(`${unknown} is not one of ${KEYS.join(', ')}.`);
  const given = Object.entries(sent).flatMap(([key, value]): [string, string][] => {
    if (value === null) return [];
    if (!isText(value))
      throw InvalidEnvironmentProperties(`The value of ${key} must be a text of at most ${VALUE_CHARACTERS_MAX} characters.`);
    return [[key, value]];
  });
  return Object.fromEntries(given);
};

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= VALUE_CHARACTERS_MAX && !value.includes('\0') && value.isWellFormed();
