import type { EndpointConfig } from '../domain/api.js';
import { isObject, type JsonObject, objectAt } from './definitions/json-document.js';

/** The texts of an `endpoint_security` entry that nobody reads back. */
export const SECURITY_SECRETS = ['password', 'clientSecret', 'apiKeyValue', 'secretKey'] as const;
export const LAMBDA_SECRET = 'amznSecretKey';
/** The lambda secret is answered with this word instead of an empty text. */
const LAMBDA_PLACEHOLDER = 'AWS_SECRET_KEY';

interface Secret {
  readonly name: string;
  readonly value: string;
  /** What the same configuration had in this place before. */
  readonly stored: unknown;
}

type Change = (secret: Secret) => string;

/** Applies a change to every secret of the configuration that is a text. */
const mapSecrets = (config: EndpointConfig, stored: EndpointConfig | null, change: Change): EndpointConfig => {
  const before: JsonObject = { ...stored };
  const result = changed(config, [LAMBDA_SECRET], before, change);
  const { endpoint_security: security } = config;
  if (!isObject(security)) return result;
  const securityBefore = objectAt(before, 'endpoint_security');
  result['endpoint_security'] = Object.fromEntries(
    Object.entries(security).map(([kind, entry]) => [
      kind,
      isObject(entry) ? securityOf(entry, objectAt(securityBefore, kind), change) : entry,
    ]),
  );
  return result;
};

const changed = (entry: EndpointConfig, names: readonly string[], before: JsonObject, change: Change): JsonObject => {
  const result: JsonObject = { ...entry };
  for (const name of names) {
    const value = entry[name];
    if (typeof value === 'string') result[name] = change({ name, value, stored: before[name] });
  }
  return result;
};

const securityOf = (entry: JsonObject, before: JsonObject, change: Change): JsonObject => {
  const result = changed(entry, SECURITY_SECRETS, before, change);
  const { proxyConfigs: proxy, customParameters: parameters } = entry;
  if (isObject(proxy)) result['proxyConfigs'] = changed(proxy, ['proxyPassword'], objectAt(before, 'proxyConfigs'), change);
  const read = parametersOf(parameters);
  if (read === undefined || !Object.values(read).some(isSecured)) return result;
  const written = securedParameters(read, parametersOf(before['customParameters']) ?? {}, change);
  result['customParameters'] = typeof parameters === 'string' ? JSON.stringify(written) : written;
  return result;
};

/** `customParameters` as an object, also where it came as its JSON text; undefined for what is neither, or nested deeper than parameters are. */
export const parametersOf = (parameters: unknown): JsonObject | undefined => {
  const read = typeof parameters === 'string' ? parsed(parameters) : parameters;
  return isObject(read) && Object.values(read).every(isShallow) ? read : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;
const isShallow = (value: unknown): boolean => typeof value !== 'object' || value === null || Object.values(value).every(isPlain);

/** A parameter is a plain value, or `{value, secured}` when it may be a secret. */
export const isSecured = (parameter: unknown): parameter is JsonObject =>
  isObject(parameter) && (parameter['secured'] === true || parameter['secured'] === 'true');

const securedParameters = (parameters: JsonObject, before: JsonObject, change: Change): JsonObject =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      if (!isSecured(parameter)) return [name, parameter];
      const known = before[name];
      return [name, changed(parameter, ['value'], isSecured(known) ? known : {}, change)];
    }),
  );

/** Encrypts the secrets of a configuration that came in; one that came in as it is shown keeps what is stored. */
export const sealSecrets = (config: EndpointConfig, stored: EndpointConfig | null, encrypt: (plain: string) => string): EndpointConfig =>
  mapSecrets(config, stored, ({ name, value, stored: kept }) => {
    if (value === '' || (name === LAMBDA_SECRET && value === LAMBDA_PLACEHOLDER)) return typeof kept === 'string' ? kept : '';
    return encrypt(value);
  });

const hidden = ({ name }: Pick<Secret, 'name'>): string => (name === LAMBDA_SECRET ? LAMBDA_PLACEHOLDER : '');

/** The configuration as callers see it: without its secrets. */
export const hideSecrets = (config: EndpointConfig): EndpointConfig => mapSecrets(config, null, hidden);

/** As {@link hideSecrets}, with the passwords in clear: for tenants that configured `ExposeEndpointPassword`. */
export const showPasswords = (config: EndpointConfig, decrypt: (sealed: string) => string): EndpointConfig =>
  mapSecrets(config, null, (secret) => (secret.name === 'password' && secret.value !== '' ? decrypt(secret.value) : hidden(secret)));

/** All secrets in clear, for an archive that is to keep its credentials. */
export const openSecrets = (config: EndpointConfig, decrypt: (sealed: string) => string): EndpointConfig =>
  mapSecrets(config, null, ({ value }) => (value === '' ? '' : decrypt(value)));

/** The configuration with each password emptied that came in as it is stored: those that were shown come back that way. */
export const withoutKnownPasswords = (
  config: EndpointConfig,
  stored: EndpointConfig | null,
  decrypt: (sealed: string) => string,
): EndpointConfig =>
  mapSecrets(config, stored, ({ name, value, stored: kept }) =>
    name === 'password' && value !== '' && isSame(value, kept, decrypt) ? '' : value,
  );

const isSame = (value: string, sealed: unknown, decrypt: (sealed: string) => string): boolean => {
  if (typeof sealed !== 'string' || sealed === '') return false;
  try {
    return decrypt(sealed) === value;
  } catch {
    // Sealed with a key that is lost: whatever came in shall take its place.
    return false;
  }
};
