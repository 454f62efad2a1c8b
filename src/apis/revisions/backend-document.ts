import type { ApiDetails, EndpointConfig } from '../../domain/api.js';
import type { BackendDocument, EndpointDocument, GroupDocument, SuspensionDocument } from '../../domain/gateway-documents.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { type EndpointKind, entriesOf } from '../endpoint-address.js';
import { AWS_LAMBDA } from '../endpoint-config.js';
import { awsFunctions } from './lambda-document.js';
import { securityOf } from './security-document.js';

/** Where requests of an API go. */
export const backendOf = ({ endpointConfig, operations }: Pick<ApiDetails, 'endpointConfig' | 'operations'>): BackendDocument => {
  if (endpointConfig?.['endpoint_type'] === AWS_LAMBDA) {
    const functions = awsFunctions(endpointConfig, operations);
    return { production: functions, sandbox: functions };
  }
  return {
    production: endpointOf(endpointConfig, 'production'),
    sandbox: endpointOf(endpointConfig, 'sandbox'),
    ...(endpointConfig?.['endpoint_type'] === 'default' && { isDynamic: true }),
  };
};

/** Types whose destination is no address of the configuration: set by a policy, a function, an uploaded sequence. */
const WITHOUT_ADDRESS: readonly unknown[] = ['default', 'awslambda', 'sequence_backend'];

/** Whether a request could be sent anywhere: the question asked when an API is published. */
export const hasEndpoint = (config: EndpointConfig | null): boolean =>
  config !== null &&
  (WITHOUT_ADDRESS.includes(config['endpoint_type']) ||
    endpointOf(config, 'production') !== null ||
    endpointOf(config, 'sandbox') !== null);

/** The endpoint of the kind, with the others of its group. Null when there is none, or the type has no addresses. */
export const endpointOf = (config: EndpointConfig | null, kind: EndpointKind): EndpointDocument | null => {
  if (config === null || WITHOUT_ADDRESS.includes(config['endpoint_type'])) return null;
  const type = config['endpoint_type'];
  const group = type === 'failover' || type === 'load_balance' ? type : null;
  const suspendedMs = group === null ? undefined : SUSPENDED_MS;
  const all = entriesOf(config[`${kind}_endpoints`]).concat(group === 'failover' ? entriesOf(config[`${kind}_failovers`]) : []);
  const [first, ...others] = all.map((entry) => memberOf(entry, suspendedMs)).filter((member) => member !== null);
  if (first === undefined) return null;
  const security = securityOf(config, kind);
  return {
    ...first,
    ...(group !== null && others.length > 0 && { group: { others, ...rulesOf(config, group) } }),
    ...(security && { security }),
  };
};

const memberOf = (entry: unknown, suspendedMs: number | undefined): EndpointDocument | null => {
  if (!isObject(entry) || typeof entry['url'] !== 'string' || entry['url'].trim() === '') return null;
  const timing = isObject(entry['config']) ? entry['config'] : {};
  const suspension = suspensionOf(timing, suspendedMs);
  return { url: entry['url'].trim(), ...timeoutOf(timing), ...(suspension && { suspension }) };
};

const SESSION_MS = 600_000;

/** How a group chooses (`reference/gateway.md` §7): sessions are those of HTTP, by cookie; those of SOAP are not told apart. */
const rulesOf = (config: EndpointConfig, type: 'failover' | 'load_balance'): Omit<GroupDocument, 'others'> => {
  if (type === 'failover') return { choice: 'failover', failsOver: true, sessionMs: null };
  const { failOver, sessionManagement, sessionTimeOut } = config;
  return {
    choice: 'round-robin',
    failsOver: String(failOver).toLowerCase() !== 'false',
    sessionMs: sessionManagement === 'transport' ? numberOf(sessionTimeOut) || SESSION_MS : null,
  };
};

const SUSPENDED_MS = 30_000;
const ON_TIMEOUT = ['fault', 'discard', 'neverTimeout'] as const;

/** A number that is not negative, or its text; undefined for anything else. */
const numberOf = (value: unknown): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : undefined;
};

/** `actionSelect` and `actionDuration` (milliseconds, a number or its text); what is unreadable falls back to the gateway's defaults. */
const timeoutOf = ({ actionSelect, actionDuration }: JsonObject): Pick<EndpointDocument, 'onTimeout' | 'timeoutMs'> => ({
  onTimeout: ON_TIMEOUT.find((action) => action === actionSelect) ?? 'fault',
  timeoutMs: numberOf(actionDuration) || null,
});

const codesOf = (value: unknown): readonly string[] => entriesOf(value).flatMap((code) => numberOf(code)?.toString() ?? []);

/**
 * When an endpoint rests (`reference/gateway.md` §8): not at all with a duration of 0; where the configuration says nothing of it, as long as `usualMs`.
 */
const suspensionOf = (timing: JsonObject, usualMs: number | undefined): SuspensionDocument | undefined => {
  const { suspendErrorCode, suspendDuration, suspendMaxDuration, factor, retryErroCode, retryTimeOut, retryDelay } = timing;
  const codes = codesOf(suspendErrorCode);
  const retryCodes = codesOf(retryErroCode);
  const isNamed = codes.length > 0 || retryCodes.length > 0;
  const durationMs = numberOf(suspendDuration) ?? (isNamed ? SUSPENDED_MS : usualMs);
  if (durationMs === undefined || durationMs === 0) return undefined;
  return {
    codes,
    durationMs,
    durationMaxMs: numberOf(suspendMaxDuration) || null,
    factor: numberOf(factor) || 1,
    retryCodes,
    retries: Math.floor(numberOf(retryTimeOut) ?? 0),
    retryDelayMs: numberOf(retryDelay) ?? 0,
  };
};
