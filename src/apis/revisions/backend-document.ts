import type { ApiDetails, EndpointConfig } from '../../domain/api.js';
import type { BackendDocument, EndpointDocument, SuspensionDocument } from '../../domain/gateway-documents.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { type EndpointKind, entriesOf } from '../endpoint-address.js';

/** Where requests of an API go. */
export const backendOf = ({ endpointConfig }: Pick<ApiDetails, 'endpointConfig'>): BackendDocument => ({
  production: endpointOf(endpointConfig, 'production'),
  sandbox: endpointOf(endpointConfig, 'sandbox'),
});

/** Types whose destination is no address of the configuration: set by a policy, a function, an uploaded sequence. */
const WITHOUT_ADDRESS: readonly unknown[] = ['default', 'awslambda', 'sequence_backend'];

/** Whether a request could be sent anywhere: the question asked when an API is published. */
export const hasEndpoint = (config: EndpointConfig | null): boolean =>
  config !== null &&
  (WITHOUT_ADDRESS.includes(config['endpoint_type']) ||
    endpointOf(config, 'production') !== null ||
    endpointOf(config, 'sandbox') !== null);

/** The first address of the kind; of a group (load balancing) its first member. Null when there is none. */
export const endpointOf = (config: EndpointConfig | null, kind: EndpointKind): EndpointDocument | null => {
  const [first] = entriesOf(config?.[`${kind}_endpoints`]);
  return memberOf(first);
};

const memberOf = (entry: unknown): EndpointDocument | null => {
  if (!isObject(entry) || typeof entry['url'] !== 'string' || entry['url'].trim() === '') return null;
  const timing = isObject(entry['config']) ? entry['config'] : {};
  const suspension = suspensionOf(timing);
  return { url: entry['url'].trim(), ...timeoutOf(timing), ...(suspension && { suspension }) };
};

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

const SUSPENDED_MS = 30_000;
const codesOf = (value: unknown): readonly string[] => entriesOf(value).flatMap((code) => numberOf(code)?.toString() ?? []);

/**
 * When an endpoint rests (`reference/gateway.md` §8): not at all with a duration of 0, and not where the configuration says nothing of it.
 */
const suspensionOf = (timing: JsonObject): SuspensionDocument | undefined => {
  const { suspendErrorCode, suspendDuration, suspendMaxDuration, factor, retryErroCode, retryTimeOut, retryDelay } = timing;
  const codes = codesOf(suspendErrorCode);
  const retryCodes = codesOf(retryErroCode);
  const duration = numberOf(suspendDuration);
  const isConfigured = codes.length > 0 || retryCodes.length > 0 || duration !== undefined;
  if (!isConfigured || duration === 0) return undefined;
  return {
    codes,
    durationMs: duration ?? SUSPENDED_MS,
    durationMaxMs: numberOf(suspendMaxDuration) || null,
    factor: numberOf(factor) || 1,
    retryCodes,
    retries: Math.floor(numberOf(retryTimeOut) ?? 0),
    retryDelayMs: numberOf(retryDelay) ?? 0,
  };
};
