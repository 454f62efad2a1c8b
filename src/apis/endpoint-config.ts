import type { ApiType, EndpointConfig } from '../domain/api.js';
import type { ProblemKind } from '../domain/problem.js';
import { EndpointUrlMissing, InvalidEndpointConfig, InvalidEndpointUrl } from './apis.problems.js';
import type { CircuitBreakers } from './definitions/definition.js';
import { isObject, type JsonObject } from './definitions/json-document.js';
import { ENDPOINT_KINDS, endpointKeys, entriesOf, isAddress } from './endpoint-address.js';
import { LAMBDA_SECRET } from './endpoint-secrets.js';
import { checkEndpointSecurity } from './endpoint-security.js';

export const SEQUENCE_BACKEND = 'sequence_backend';
export const AWS_LAMBDA = 'awslambda';

/** The `endpoint_type` of a configuration; `http` where it says nothing. */
export const endpointTypeOf = (config: EndpointConfig | null): string => {
  const type = config?.['endpoint_type'];
  return typeof type === 'string' ? type : 'http';
};

/**
 * Checks an `endpointConfig` (`reference/publisher.md` §3.3) of an API of the type.
 * @throws EndpointUrlMissing (903210), the given problem for an address that is none (900346), InvalidEndpointConfig (902012) and the problems of {@link checkEndpointSecurity}.
 */
export const checkEndpointConfig = (
  config: EndpointConfig,
  apiType: ApiType = 'HTTP',
  invalidUrl: ProblemKind = InvalidEndpointUrl,
): void => {
  const type = config['endpoint_type'];
  if (type !== undefined && typeof type !== 'string') throw InvalidEndpointConfig();
  if (type === SEQUENCE_BACKEND && apiType !== 'HTTP') throw InvalidEndpointConfig();
  checkEndpoints(config, type ?? 'http', { protocols: apiType === 'WS' ? 'ws' : (type ?? 'http'), invalidUrl });
  if (type === 'load_balance') checkBalance(config);
  if (!isNumberOrNone(config['sessionTimeOut'])) throw InvalidEndpointConfig();
  if (type === AWS_LAMBDA) checkLambda(config);
  if (!isTextOrNone(config[LAMBDA_SECRET])) throw InvalidEndpointConfig();
  checkEndpointSecurity(config['endpoint_security']);
};

/** Types whose destination is not a plain address. */
export const WITHOUT_ADDRESS: readonly string[] = ['default', AWS_LAMBDA, SEQUENCE_BACKEND];

interface UrlRule {
  /** The type whose protocols count. */
  readonly protocols: string;
  readonly invalidUrl: ProblemKind;
}

const checkEndpoints = (config: EndpointConfig, type: string, rule: UrlRule): void => {
  for (const entry of ENDPOINT_KINDS.flatMap(endpointKeys).flatMap((key) => entriesOf(config[key]))) {
    if (!isObject(entry)) {
      if (WITHOUT_ADDRESS.includes(type)) continue;
      throw InvalidEndpointConfig();
    }
    if (!WITHOUT_ADDRESS.includes(type)) checkAddress(entry['url'], type, rule);
    checkTiming(entry['config']);
    checkCircuitBreakers(entry['advanceEndpointConfig']);
  }
};

const checkAddress = (url: unknown, type: string, { protocols, invalidUrl }: UrlRule): void => {
  if (isNone(url)) throw EndpointUrlMissing(type);
  if (typeof url !== 'string' || !isAddress(url, protocols)) throw invalidUrl();
};

const isNone = (value: unknown): boolean => value === undefined || value === null || value === '';
const isTextOrNone = (value: unknown): boolean => isNone(value) || typeof value === 'string';

/** A number that is not negative, or its text. */
const isNumberOrNone = (value: unknown): boolean => {
  if (isNone(value)) return true;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0;
};

const NUMBERS = ['actionDuration', 'suspendDuration', 'suspendMaxDuration', 'factor', 'retryTimeOut', 'retryDelay'] as const;
const CODES = ['suspendErrorCode', 'retryErroCode'] as const;
const ACTIONS: readonly unknown[] = ['fault', 'discard', 'neverTimeout'];

/** The timing of one endpoint. Some clients send an empty text for none. */
const checkTiming = (config: unknown): void => {
  if (isNone(config)) return;
  const isFine =
    isObject(config) &&
    (isNone(config['actionSelect']) || ACTIONS.includes(config['actionSelect'])) &&
    NUMBERS.every((name) => isNumberOrNone(config[name])) &&
    CODES.every((name) => entriesOf(config[name]).every(isNumberOrNone));
  if (!isFine) throw InvalidEndpointConfig();
};

const BREAKERS = ['maxConnections', 'maxPendingRequests', 'maxRequests', 'maxRetries', 'maxConnectionPools'] as const;

const checkCircuitBreakers = (advanced: unknown): void => {
  if (isNone(advanced)) return;
  if (!isObject(advanced)) throw InvalidEndpointConfig();
  const { circuitBreakers } = advanced;
  if (isNone(circuitBreakers)) return;
  if (!isObject(circuitBreakers) || !BREAKERS.every((name) => isNumberOrNone(circuitBreakers[name]))) throw InvalidEndpointConfig();
};

const BALANCE_TEXTS = ['algoCombo', 'algoClassName', 'sessionManagement'] as const;

const checkBalance = (config: EndpointConfig): void => {
  if (!BALANCE_TEXTS.every((name) => isTextOrNone(config[name]))) throw InvalidEndpointConfig();
};

const LAMBDA_TEXTS = ['amznAccessKey', 'amznRegion', 'amznRoleArn', 'amznRoleSessionName', 'amznRoleRegion'] as const;
const ROLE_TEXTS = ['amznRoleArn', 'amznRoleSessionName', 'amznRoleRegion'] as const;

/** Stored credentials are whole, and so is a role to assume. */
const checkLambda = (config: EndpointConfig): void => {
  const method = config['access_method'];
  if (!isNone(method) && method !== 'role-supplied' && method !== 'stored') throw InvalidEndpointConfig();
  if (!LAMBDA_TEXTS.every((name) => isTextOrNone(config[name]))) throw InvalidEndpointConfig();
  const needed = [
    ...(method === 'stored' ? ['amznAccessKey', 'amznRegion'] : []),
    ...(config['assume_role'] === true || config['assume_role'] === 'true' ? ROLE_TEXTS : []),
  ];
  if (needed.some((name) => isNone(config[name]))) throw InvalidEndpointConfig();
  if (method === 'stored' && typeof config[LAMBDA_SECRET] !== 'string') throw InvalidEndpointConfig();
};

/**
 * The configuration with what a definition says of its endpoints beyond their addresses (`advanceEndpointConfig`), which reaches only endpoints that
 * exist and replaces what they had of it. @throws InvalidEndpointConfig (902012).
 */
export const withCircuitBreakers = (config: EndpointConfig | null, breakers: CircuitBreakers): EndpointConfig | null => {
  if (config === null) return null;
  const result: JsonObject = { ...config };
  for (const kind of ENDPOINT_KINDS) {
    checkCircuitBreakers(breakers[kind]);
    const key = `${kind}_endpoints`;
    const value = config[key];
    if (Array.isArray(value)) result[key] = value.map((entry: unknown) => (isObject(entry) ? advanced(entry, breakers[kind]) : entry));
    else if (isObject(value)) result[key] = advanced(value, breakers[kind]);
  }
  return result;
};

const advanced = ({ advanceEndpointConfig: _, ...entry }: JsonObject, breakers: CircuitBreakers['production']): JsonObject => ({
  ...entry,
  ...(breakers !== undefined && { advanceEndpointConfig: breakers }),
});
