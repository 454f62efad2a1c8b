import type { EndpointConfig } from '../domain/api.js';
import {
  EndpointCredentialMissing,
  EndpointUrlMissing,
  InvalidEndpointConfig,
  InvalidEndpointSecurity,
  InvalidEndpointUrl,
} from './apis.problems.js';
import { isObject, type JsonObject, objectAt } from './definitions/json-document.js';

const KINDS = ['production', 'sandbox'] as const;

/** Checks the addresses and credentials of an `endpointConfig` (`reference/publisher.md` §3.3). @throws problems (400) naming the broken rule. */
export const checkEndpointConfig = (config: EndpointConfig): void => {
  const type = config['endpoint_type'];
  if (type !== undefined && typeof type !== 'string') throw InvalidEndpointConfig();
  checkAddresses(config, type ?? 'http');
  const timeOut = config['sessionTimeOut'];
  if (timeOut !== undefined && timeOut !== null && timeOut !== '' && !Number.isFinite(Number(timeOut))) throw InvalidEndpointConfig();
  const security = config['endpoint_security'];
  if (security === undefined || security === null) return;
  if (!isObject(security)) throw InvalidEndpointSecurity('the');
  for (const kind of KINDS) checkSecurity(security[kind], kind);
};

/** Types whose destination is not a plain address. */
const WITHOUT_ADDRESS: readonly string[] = ['default', 'awslambda', 'sequence_backend'];

const checkAddresses = (config: EndpointConfig, type: string): void => {
  if (WITHOUT_ADDRESS.includes(type)) return;
  for (const key of KINDS.flatMap((kind) => [`${kind}_endpoints`, `${kind}_failovers`])) {
    const value = config[key];
    if (value === undefined || value === null) continue;
    for (const entry of Array.isArray(value) ? value : [value]) checkAddress(entry, type);
  }
};

const checkAddress = (entry: unknown, type: string): void => {
  if (!isObject(entry)) throw InvalidEndpointConfig();
  const { url } = entry;
  if (url === undefined || url === null || url === '') throw EndpointUrlMissing(type);
  if (typeof url !== 'string' || !isAddress(url, type)) throw InvalidEndpointUrl();
};

const PROTOCOLS: readonly string[] = ['http:', 'https:'];
const SOCKET_PROTOCOLS: readonly string[] = ['ws:', 'wss:'];

/** An absolute address; `{uri.var.x}` and `${NAME}` may stand for parts that are filled in later. */
const isAddress = (url: string, type: string): boolean => {
  const filled = url.trim().replace(/\$?\{[^{}]*\}/g, '1');
  if (/\s/.test(filled) || !URL.canParse(filled)) return false;
  return (type === 'ws' ? SOCKET_PROTOCOLS : PROTOCOLS).includes(new URL(filled).protocol);
};

/** What each type needs; a secret that is sent as an empty text is the stored one. */
const CREDENTIALS: Readonly<Record<string, { readonly texts: readonly string[]; readonly secrets: readonly string[] }>> = {
  none: { texts: [], secrets: [] },
  basic: { texts: ['username'], secrets: ['password'] },
  digest: { texts: ['username'], secrets: ['password'] },
  oauth: { texts: ['grantType', 'tokenUrl', 'clientId'], secrets: ['clientSecret'] },
  apikey: { texts: ['apiKeyIdentifier', 'apiKeyIdentifierType'], secrets: ['apiKeyValue'] },
  aws: { texts: ['accessKey', 'region', 'service'], secrets: ['secretKey'] },
};

const checkSecurity = (security: unknown, kind: string): void => {
  if (security === undefined || security === null) return;
  if (!isObject(security)) throw InvalidEndpointSecurity(kind);
  const { type, enabled } = security;
  if (enabled === false || type === undefined || type === null || type === '') return;
  const needed = typeof type === 'string' ? CREDENTIALS[type.toLowerCase()] : undefined;
  if (needed === undefined) throw InvalidEndpointSecurity(kind);
  const missing =
    needed.texts.find((field) => typeof security[field] !== 'string' || security[field].trim() === '') ??
    needed.secrets.find((field) => typeof security[field] !== 'string');
  if (missing !== undefined) throw EndpointCredentialMissing(`${missing} of the ${kind} endpoint is missing`);
};

const SECRETS: readonly string[] = ['password', 'clientSecret', 'apiKeyValue', 'secretKey'];
const LAMBDA_SECRET = 'amznSecretKey';
/** The lambda secret is answered with this word instead of an empty text. */
const LAMBDA_PLACEHOLDER = 'AWS_SECRET_KEY';

type Change = (secret: string, stored: unknown) => string;

/** Applies a change to every secret of the configuration that is a text; `stored` is the same configuration as it was before. */
const mapSecrets = (config: EndpointConfig, stored: EndpointConfig | null, change: Change): EndpointConfig => {
  const result: JsonObject = { ...config };
  if (typeof config[LAMBDA_SECRET] === 'string') result[LAMBDA_SECRET] = change(config[LAMBDA_SECRET], stored?.[LAMBDA_SECRET]);
  const { endpoint_security: security } = config;
  if (!isObject(security)) return result;
  const before = stored === null ? {} : objectAt({ ...stored }, 'endpoint_security');
  result['endpoint_security'] = Object.fromEntries(
    Object.entries(security).map(([kind, entry]) => [kind, isObject(entry) ? secretsOf(entry, objectAt(before, kind), change) : entry]),
  );
  return result;
};

const secretsOf = (entry: JsonObject, before: JsonObject, change: Change): JsonObject => {
  const result = { ...entry };
  for (const field of SECRETS) if (typeof entry[field] === 'string') result[field] = change(entry[field], before[field]);
  const { proxyConfigs: proxy } = entry;
  if (isObject(proxy) && typeof proxy['proxyPassword'] === 'string') {
    const stored = objectAt(before, 'proxyConfigs')['proxyPassword'];
    result['proxyConfigs'] = { ...proxy, proxyPassword: change(proxy['proxyPassword'], stored) };
  }
  return result;
};

/** Encrypts the secrets of a configuration that came in; one that came in empty keeps what is stored. */
export const sealSecrets = (config: EndpointConfig, stored: EndpointConfig | null, encrypt: (plain: string) => string): EndpointConfig =>
  mapSecrets(config, stored, (secret, kept) => {
    if (secret === '' || secret === LAMBDA_PLACEHOLDER) return typeof kept === 'string' ? kept : '';
    return encrypt(secret);
  });

/** The configuration as callers see it: without its secrets. */
export const hideSecrets = (config: EndpointConfig): EndpointConfig => {
  const hidden = mapSecrets(config, null, () => '');
  return LAMBDA_SECRET in config ? { ...hidden, [LAMBDA_SECRET]: LAMBDA_PLACEHOLDER } : hidden;
};
