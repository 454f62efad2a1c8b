import { EndpointCredentialMissing, EndpointSecurityTypeMissing, InvalidEndpointSecurity } from './apis.problems.js';
import { isObject, type JsonObject } from './definitions/json-document.js';
import { isAddress } from './endpoint-address.js';
import { isSecured, parametersOf, SECURITY_SECRETS } from './endpoint-secrets.js';

/** What each type needs; a secret that is sent as an empty text is the stored one. */
const CREDENTIALS: Readonly<Record<string, { readonly texts: readonly string[]; readonly secrets: readonly string[] }>> = {
  none: { texts: [], secrets: [] },
  basic: { texts: ['username'], secrets: ['password'] },
  digest: { texts: ['username'], secrets: ['password'] },
  oauth: { texts: ['grantType', 'tokenUrl', 'clientId'], secrets: ['clientSecret'] },
  apikey: { texts: ['apiKeyIdentifier', 'apiKeyIdentifierType'], secrets: ['apiKeyValue'] },
  aws: { texts: ['accessKey', 'region', 'service'], secrets: ['secretKey'] },
};
const GRANTS: readonly unknown[] = ['CLIENT_CREDENTIALS', 'PASSWORD'];
const KEY_PLACES: readonly unknown[] = ['HEADER', 'QUERY_PARAMETER'];
/** Milliseconds; -1 stands for the default. */
const DURATIONS = ['connectionTimeoutDuration', 'connectionRequestTimeoutDuration', 'socketTimeoutDuration'] as const;
const PORT_MAX = 65_535;

/**
 * Checks an `endpoint_security` (`reference/publisher.md` §3.3).
 * @throws InvalidEndpointSecurity (903213), EndpointSecurityTypeMissing (903214), EndpointCredentialMissing (902000).
 */
export const checkEndpointSecurity = (security: unknown): void => {
  if (security === undefined || security === null) return;
  if (!isObject(security)) throw InvalidEndpointSecurity('the');
  for (const [kind, entry] of Object.entries(security)) {
    if (entry === undefined || entry === null) continue;
    if (!isObject(entry) || !areSecretsTexts(entry)) throw InvalidEndpointSecurity(kind);
    checkEntry(entry, kind);
  }
};

/** A secret of another type, or in parameters that cannot be read, would be kept and shown as it is, so it is refused whether or not the security is in force. */
const areSecretsTexts = ({ proxyConfigs, customParameters, ...entry }: JsonObject): boolean => {
  const proxyPassword = isObject(proxyConfigs) ? proxyConfigs['proxyPassword'] : undefined;
  const parameters = isNone(customParameters) ? {} : parametersOf(customParameters);
  if (parameters === undefined) return false;
  const secured = Object.values(parameters).filter(isSecured);
  return [...SECURITY_SECRETS.map((name) => entry[name]), proxyPassword, ...secured.map(({ value }) => value)].every(isTextOrNone);
};

const isNone = (value: unknown): boolean => value === undefined || value === null || value === '';
const isTextOrNone = (value: unknown): boolean => isNone(value) || typeof value === 'string';

const checkEntry = (entry: JsonObject, kind: string): void => {
  const { type, enabled } = entry;
  if (enabled === false) return;
  if (isNone(type)) {
    if (enabled === true) throw EndpointSecurityTypeMissing(kind);
    return;
  }
  const word = typeof type === 'string' ? type.toLowerCase() : '';
  const needed = Object.hasOwn(CREDENTIALS, word) ? CREDENTIALS[word] : undefined;
  if (needed === undefined) throw InvalidEndpointSecurity(kind);
  requireCredentials(entry, needed, kind);
  if (word === 'oauth') checkOAuth(entry, kind);
  if (word === 'apikey' && !KEY_PLACES.includes(upper(entry['apiKeyIdentifierType']))) throw InvalidEndpointSecurity(kind);
};

const requireCredentials = (entry: JsonObject, needed: { texts: readonly string[]; secrets: readonly string[] }, kind: string): void => {
  const missing =
    needed.texts.find((field) => typeof entry[field] !== 'string' || entry[field].trim() === '') ??
    needed.secrets.find((field) => typeof entry[field] !== 'string');
  if (missing !== undefined) throw EndpointCredentialMissing(`${missing} of the ${kind} endpoint is missing`);
};

const upper = (value: unknown): unknown => (typeof value === 'string' ? value.toUpperCase() : value);

const checkOAuth = (entry: JsonObject, kind: string): void => {
  const grant = upper(entry['grantType']);
  if (!GRANTS.includes(grant)) throw InvalidEndpointSecurity(kind);
  if (grant === 'PASSWORD') requireCredentials(entry, { texts: ['username'], secrets: ['password'] }, kind);
  const { tokenUrl, proxyConfigs } = entry;
  const isFine =
    typeof tokenUrl === 'string' &&
    isAddress(tokenUrl, 'http') &&
    DURATIONS.every((name) => isDuration(entry[name])) &&
    isProxy(proxyConfigs);
  if (!isFine) throw InvalidEndpointSecurity(kind);
};

const isDuration = (value: unknown): boolean => isNone(value) || isInteger(value, -1, Number.MAX_SAFE_INTEGER);

/** A whole number in the range, or its text. */
const isInteger = (value: unknown, least: number, most: number): boolean => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most;
};

const isProxy = (proxy: unknown): boolean => {
  if (isNone(proxy)) return true;
  if (!isObject(proxy)) return false;
  const { proxyEnabled, proxyHost, proxyPort, proxyProtocol } = proxy;
  if (proxyEnabled !== true && proxyEnabled !== 'true') return true;
  const protocol = isNone(proxyProtocol) ? 'http' : proxyProtocol;
  return (
    typeof proxyHost === 'string' &&
    proxyHost.trim() !== '' &&
    isInteger(proxyPort, 1, PORT_MAX) &&
    typeof protocol === 'string' &&
    ['http', 'https'].includes(protocol.toLowerCase())
  );
};
